import type { Plugin } from 'vite';

/**
 * Puts dist/.gitkeep back after a build has emptied the folder: the file is
 * committed so that `//go:embed all:dist` compiles before the first build.
 */
export function keepPlaceholder(): Plugin {
  return {
    name: 'keep-placeholder',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '.gitkeep', source: '' });
    },
  };
}
