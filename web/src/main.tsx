import './ui/layers.css';
import '@fontsource-variable/inter/opsz.css';
import '@fontsource-variable/source-serif-4/opsz.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './ui/tokens.css';
import './ui/base.css';
import './app/i18n';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { styleNonce } from './app/nonce';

// Libraries that add style tags at run time look for the nonce here.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce();

// A newer version was deployed and the part asked for has gone: load that one.
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('scrollkeeper.reloaded') ?? 0);
  if (Date.now() - last < 60_000) return; // not the reason, then: the error is shown
  sessionStorage.setItem('scrollkeeper.reloaded', String(Date.now()));
  event.preventDefault();
  window.location.reload();
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
