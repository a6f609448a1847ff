import { expect, it } from 'vitest';
import { fetchAnnotations } from './api';

it('asks for several marks in the way that the server reads', async () => {
  const asked: string[] = [];
  globalThis.fetch = async (request) => {
    asked.push((request as Request).url);
    return Response.json({ items: [], next: null });
  };
  await fetchAnnotations('d', 'e', ['a', 'b']);
  expect(new URL(asked[0] ?? '').searchParams.getAll('ids')).toEqual(['a,b']);
});
