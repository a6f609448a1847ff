import { describe, expect, it } from 'vitest';
import { inspect } from './inspect';

const limits = { maxBytes: 5000 };

describe('the look before sending', () => {
  it.each([
    ['a PDF', '%PDF-1.7\n', null],
    ['a header that ends at byte 1,024', ' '.repeat(1019) + '%PDF-', null],
    ['a header that ends at byte 1,025', ' '.repeat(1020) + '%PDF-', 'not_a_pdf'],
    ['a header without its dash', '%PDF', 'not_a_pdf'],
    ['something else', 'PK\u0003\u0004', 'not_a_pdf'],
    ['nothing', '', 'empty_file'],
    ['more than the server takes', '%PDF-' + ' '.repeat(5000), 'too_large'],
  ])('%s', async (_, content, code) => {
    expect((await inspect(new Blob([content]), limits))?.code ?? null).toBe(code);
  });

  it('says so when the file cannot be read', async () => {
    const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }) };
    expect(await inspect(gone as unknown as Blob, limits)).toEqual({ code: 'unreadable', action: 'remove' });
  });
});
