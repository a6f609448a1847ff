import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pdfjsFiles } from '../vite/pdfjs-files.ts';

/** Builds the viewer alone for browser tests; the folder to build into comes from the command line. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), pdfjsFiles()],
  build: { target: 'es2023', assetsInlineLimit: 0, sourcemap: false, chunkSizeWarningLimit: 3000, emptyOutDir: true },
});
