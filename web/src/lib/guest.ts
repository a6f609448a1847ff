/**
 * Whether this page is a guest's: opened by a link that was shared, without an
 * account. It stays so until the page is left; all it asks of the server goes by
 * that link.
 */
let link: string | undefined;

/** To be called once the link is open, with its id. */
export const becomeGuest = (linkId: string): void => {
  link = linkId;
};

export const isGuest = (): boolean => link !== undefined;

/** A path of the API (`/api/…`) as this page may ask for it. */
export const apiPath = (path: string): string =>
  link === undefined ? path : path.replace(/^\/api\//, `/api/shared/${encodeURIComponent(link)}/`);
