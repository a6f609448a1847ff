import { expect, it } from 'vitest';
import { sendings } from './sending';

it('knows what is on its way, until it has arrived', () => {
  let told = 0;
  const stop = sendings.subscribe(() => told++);
  const a = sendings.begin('library', new File(['12345'], 'a.zip'));
  const b = sendings.begin('library', new File(['1'], 'b.zip'));
  sendings.tell(a, 3);
  expect(sendings.list().map(({ name, sent, size }) => [name, sent, size])).toEqual([
    ['a.zip', 3, 5],
    ['b.zip', 0, 1],
  ]);
  sendings.end(a);
  sendings.end(b);
  expect(sendings.list()).toEqual([]);
  expect(told).toBe(5);
  stop();
  sendings.end(sendings.begin('library', new File([], 'c.zip')));
  expect(told).toBe(5);
});
