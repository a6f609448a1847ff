import { describe, expect, it } from 'vitest';
import { inspect } from './inspect';

const limits = { maxBytes: 100_000 };

describe('the look before sending', () => {
  it.each([
    ['a PDF', '%PDF-1.7\n', null],
    ['a header that ends at byte 1,024', ' '.repeat(1019) + '%PDF-', null],
    ['a header in text that ends at byte 1,025', 'x'.repeat(1020) + '%PDF-', 'not_a_pdf'],
    ['a header behind a mail’s lines', 'Received: by mail\r\n'.repeat(100) + '%PDF-1.7', null],
    ['a header at the end of what is looked at', ' '.repeat(65_531) + '%PDF-', null],
    ['a header behind it', ' '.repeat(65_532) + '%PDF-', 'not_a_pdf'],
    ['no header, but an object', '%âãÏÓ\n1 0 obj \n<<\n/Pages 2 0 R', null],
    ['text about objects', 'see 1 0 obj << there', 'not_a_pdf'],
    ['a web page', '<!doctype html><p>PDF', 'not_a_pdf'],
    ['a header without its dash', '%PDF', 'not_a_pdf'],
    ['something else', 'PK\u0003\u0004', 'not_a_pdf'],
    ['nothing', '', 'empty_file'],
    ['more than the server takes', '%PDF-' + ' '.repeat(100_000), 'too_large'],
  ])('%s', async (_, content, code) => {
    expect((await inspect(new Blob([content]), limits))?.code ?? null).toBe(code);
  });

  it('says so when the file cannot be read', async () => {
    const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }) };
    expect(await inspect(gone as unknown as Blob, limits)).toEqual({ code: 'unreadable', action: 'remove' });
  });
});
