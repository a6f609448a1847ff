/** The nonce the server put on this page; empty in development, where none is needed. */
export function styleNonce(): string {
  return document.querySelector<HTMLElement>('[property="csp-nonce"]')?.nonce ?? '';
}
