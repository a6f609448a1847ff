import { useState } from 'react';

/**
 * The secret of a link, from behind its #, which browsers send to no server.
 * It is read once and taken out of the address, so that it is not left in the
 * history or in a screenshot.
 */
export function useFragmentSecret(): string {
  const [secret] = useState(() => decodeURIComponent(window.location.hash.slice(1)).trim());
  return secret;
}
