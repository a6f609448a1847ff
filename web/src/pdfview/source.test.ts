import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pdfjs } from './pdfjs';
import { openSource, partSize, SourceError } from './source';
import type { Connection } from './types';

const file = Uint8Array.from({ length: 3 * partSize + 17 }, (_, i) => i % 251);

/** As pdf.js has it, as far as it is used. */
const pdfjs = {
  PDFDataRangeTransport: class {
    received: [number, Uint8Array][] = [];
    constructor(
      readonly length: number,
      readonly initialData: Uint8Array,
    ) {}
    onDataRange(begin: number, bytes: Uint8Array) {
      this.received.push([begin, bytes]);
    }
  },
} as unknown as Pdfjs;

type Transport = { received: [number, Uint8Array][]; requestDataRange(begin: number, end: number): void };

const ranged = (range: string) => {
  const suffix = /^bytes=-(\d+)$/.exec(range);
  const spec = suffix ? `bytes=${file.length - Number(suffix[1])}-${file.length}` : range;
  const [begin = 0, last = 0] = spec.replace('bytes=', '').split('-').map(Number);
  const part = file.slice(begin, Math.min(last + 1, file.length));
  return new Response(part, {
    status: 206,
    headers: { 'Content-Range': `bytes ${begin}-${begin + part.length - 1}/${file.length}` },
  });
};

describe('openSource', () => {
  let closing: AbortController;
  let connections: Connection[];
  let answer: (range: string) => Response | Error;

  beforeEach(() => {
    vi.useFakeTimers();
    closing = new AbortController();
    connections = [];
    answer = ranged;
    vi.stubGlobal('fetch', (_: string, init: { headers: { Range: string } }) => {
      const result = answer(init.headers.Range);
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    });
  });

  afterEach(() => {
    closing.abort();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const open = () =>
    openSource(Promise.resolve(pdfjs), '/file', {
      signal: closing.signal,
      onConnection: (connection) => connections.push(connection),
    });

  const transport = async () => {
    const source = await open();
    if (!('range' in source)) throw new Error('expected ranges');
    return { range: source.range as unknown as Transport, reconnect: source.reconnect };
  };

  it('takes the length from the first part and gives further ones', async () => {
    const { range } = await transport();
    range.requestDataRange(partSize, 2 * partSize);
    await vi.waitFor(() => expect(range.received).toHaveLength(1));
    expect(range.received[0]).toEqual([partSize, file.slice(partSize, 2 * partSize)]);
    expect(connections).toEqual([]);
  });

  it('has the end of the file before it is asked for', async () => {
    const asked: string[] = [];
    answer = (range) => {
      asked.push(range);
      return ranged(range);
    };
    const { range } = await transport();
    expect(asked).toEqual([`bytes=-${partSize}`, `bytes=0-${partSize - 1}`]);
    range.requestDataRange(3 * partSize, file.length);
    range.requestDataRange(2 * partSize, file.length);
    await vi.waitFor(() => expect(range.received).toHaveLength(2));
    expect(range.received).toContainEqual([3 * partSize, file.slice(3 * partSize)]);
    // More than was foreseen.
    expect(range.received).toContainEqual([2 * partSize, file.slice(2 * partSize)]);
    expect(asked).toHaveLength(3);
  });

  it('asks for the end of the file again when it did not come', async () => {
    answer = (range) => (range.startsWith('bytes=-') ? new TypeError('failed to fetch') : ranged(range));
    const { range } = await transport();
    range.requestDataRange(3 * partSize, file.length);
    await vi.waitFor(() => expect(range.received).toEqual([[3 * partSize, file.slice(3 * partSize)]]));
    expect(connections).toEqual([]);
  });

  it('asks for a part again until it comes', async () => {
    const { range } = await transport();
    answer = () => new TypeError('failed to fetch');
    range.requestDataRange(partSize, 2 * partSize);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections).toEqual(['lost']);
    answer = ranged;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(range.received).toHaveLength(1);
    expect(connections).toEqual(['lost', 'fine']);
  });

  it('asks at once when told to, and says that the session has ended', async () => {
    const { range, reconnect } = await transport();
    answer = () => new Response(null, { status: 401 });
    range.requestDataRange(partSize, 2 * partSize);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(connections).toEqual(['signed-out']);
    answer = ranged;
    reconnect();
    await vi.advanceTimersByTimeAsync(0);
    expect(range.received).toHaveLength(1);
    expect(connections.at(-1)).toBe('fine');
  });

  it('does not take a short part for the whole', async () => {
    const { range } = await transport();
    answer = () => new Response(new Uint8Array(10), { status: 206 });
    range.requestDataRange(partSize, 2 * partSize);
    await vi.advanceTimersByTimeAsync(1000);
    expect(range.received).toEqual([]);
    expect(connections).toEqual(['lost']);
  });

  it('stops asking when it is closed', async () => {
    const { range } = await transport();
    let asked = 0;
    answer = () => {
      asked++;
      return new TypeError('failed to fetch');
    };
    range.requestDataRange(partSize, 2 * partSize);
    await vi.advanceTimersByTimeAsync(1000);
    closing.abort();
    const before = asked;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(before);
  });

  it('takes a whole file that the server gives at once', async () => {
    answer = () => new Response(file);
    await expect(open()).resolves.toMatchObject({ data: file });
  });

  it.each([
    [401, 'signed-out'],
    [403, 'refused'],
    [404, 'missing'],
    [410, 'missing'],
    [416, 'damaged'],
    [418, 'unknown'],
  ])('fails at once with %i as %s', async (status, failure) => {
    answer = () => new Response(null, { status });
    await expect(open()).rejects.toEqual(new SourceError(failure as SourceError['failure']));
  });

  it('tries a server that does not answer three times', async () => {
    let asked = 0;
    answer = (range) => {
      if (range.startsWith('bytes=0-')) asked++;
      return new Response(null, { status: 503 });
    };
    const opened = expect(open()).rejects.toMatchObject({ failure: 'unreachable' });
    await vi.advanceTimersByTimeAsync(30_000);
    await opened;
    expect(asked).toBe(3);
  });
});
