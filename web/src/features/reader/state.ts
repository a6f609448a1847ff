/** What follows from the state of a file. */
import type { DocumentDetail, Edition } from '../../lib/api';

/** Whether the server waits for the file's password. */
export const isLocked = ({ state, failure }: Edition) =>
  state === 'failed' && (failure?.kind === 'password_required' || failure?.kind === 'wrong_password');

// The same bytes give the same answer: only these can end otherwise another time.
const final = ['not_a_pdf', 'empty_file', 'damaged', 'unsupported', 'no_pages', 'password_required', 'wrong_password'];

/** Whether parsing the file once more can help: all of it, or some pages of it. */
export const mayRetryParse = ({ state, failure, failed_pages }: Edition) =>
  state === 'failed' ? !final.includes(failure?.kind ?? '') : failed_pages.some(({ kind }) => !final.includes(kind));

/** Whether this person may change the document; the server has the last word. */
export const mayEdit = ({ role }: DocumentDetail) => role === 'owner' || role === 'admin' || role === 'editor';
