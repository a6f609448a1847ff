import { useState } from 'react';

/**
 * The secret of a link, from behind its #, which browsers send to no server.
 * It stays in the address, so that the page can be loaded again; it is worth
 * nothing once it was used.
 */
export function useFragmentSecret(): string {
  const [secret] = useState(() => window.location.hash.slice(1).trim());
  return secret;
}
