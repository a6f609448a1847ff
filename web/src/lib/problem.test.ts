import '../app/i18n';
import { describe, expect, it } from 'vitest';
import { ApiError, fieldError, mayRetry, problemFrom, sentence } from './problem';

const error = (body: unknown, status: number) => new ApiError(problemFrom(body, status));

describe('a problem from the server', () => {
  it("is told in the server's words", () => {
    expect(sentence(error({ code: 'too_large', detail: 'This file is over 2 GB.' }, 413))).toBe('This file is over 2 GB.');
  });

  it('is told in ours where we know better', () => {
    expect(sentence(error({ code: 'role_forbids', detail: 'forbidden' }, 403))).toMatch(/role/i);
  });

  it.each([
    ['<html>502 Bad Gateway</html>', 502],
    [undefined, 500],
    [{}, 404],
    [[1, 2], 403],
  ])('is a sentence even when the body is %j', (body, status) => {
    const said = sentence(error(body, status));
    expect(said).toMatch(/^[A-Z].*\.$/);
    expect(said).not.toContain('html');
  });

  it('about the address says that nothing is there', () => {
    const errors = [{ location: 'path.document_id', message: 'invalid UUID length: 3' }];
    expect(sentence(error({ detail: 'validation failed', errors }, 422))).toMatch(/does not exist/);
  });

  it('keeps its further members', () => {
    expect(problemFrom({ code: 'duplicate', document_id: 'd1' }, 409).document_id).toBe('d1');
  });

  it('reads a body given as text', () => {
    expect(problemFrom('{"code":"not_a_pdf","detail":"No."}', 415).code).toBe('not_a_pdf');
  });

  it('names the field it is about', () => {
    expect(fieldError(error({ code: 'bad_email', detail: 'Not an address.', field: 'email' }, 422), 'email')).toBe('Not an address.');
    const located = error({ code: 'x', detail: '', errors: [{ location: 'body.name', message: 'too long' }] }, 422);
    expect(fieldError(located, 'name')).toBe('too long');
    expect(fieldError(located, 'email')).toBeUndefined();
  });

  it('says whether trying again may help', () => {
    expect(mayRetry(error({}, 503))).toBe(true);
    expect(mayRetry(error({}, 404))).toBe(false);
    expect(mayRetry(new Error('a bug'))).toBe(false);
  });
});

describe('an error that is no problem', () => {
  it('does not show its text', () => {
    expect(sentence(new TypeError('x is not a function'))).not.toContain('function');
  });
});
