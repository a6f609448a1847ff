import { describe, expect, it, vi } from 'vitest';
import { Follower, type ChangePageLike, type ChangeRow } from './live';

function log(latest: number, pageSize = 100) {
  const state = { latest };
  const fetchChanges = vi.fn(async (since: number): Promise<ChangePageLike<ChangeRow>> => {
    const items: ChangeRow[] = [];
    for (let v = since + 1; v <= state.latest && items.length < pageSize; v++) {
      items.push({ version: v, kind: 'document', object_id: `d${v}`, op: 'state' });
    }
    return { items, version: items.at(-1)?.version ?? since, latest: state.latest };
  });
  return { state, fetchChanges };
}

function follow(server: ReturnType<typeof log>, since = 0) {
  const seen: number[] = [];
  const reset = vi.fn();
  const follower = new Follower<ChangeRow>({
    since,
    fetchChanges: server.fetchChanges,
    apply: (changes) => void seen.push(...changes.map((c) => c.version)),
    reset,
  });
  return { follower, seen, reset };
}

describe('following a change log', () => {
  it('takes every page, in order, once', async () => {
    const { follower, seen } = follow(log(7, 3));
    await follower.look();
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(follower.at).toBe(7);
  });

  it('asks nothing when the hint is known already', async () => {
    const server = log(5);
    const { follower } = follow(server, 5);
    await follower.tell(5);
    expect(server.fetchChanges).not.toHaveBeenCalled();
  });

  it('looks again when a hint comes in the middle of a look', async () => {
    const server = log(2);
    const { follower, seen } = follow(server);
    const first = follower.look();
    server.state.latest = 4;
    await Promise.all([first, follower.tell(4)]);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('sees a change made between the answer and its end', async () => {
    const server = log(1);
    const seen: number[] = [];
    const follower: Follower<ChangeRow> = new Follower<ChangeRow>({
      since: 0,
      fetchChanges: server.fetchChanges,
      apply: (changes) => {
        seen.push(...changes.map((c) => c.version));
        if (server.state.latest === 1) {
          server.state.latest = 2;
          void follower.tell(2);
        }
      },
      reset: () => undefined,
    });
    await follower.look();
    expect(seen).toEqual([1, 2]);
  });

  it('comes to rest when the rest of the log is private to others', async () => {
    const fetchChanges = vi.fn(async () => ({ items: [], version: 3, latest: 9 }));
    const follower = new Follower<ChangeRow>({ since: 3, fetchChanges, apply: () => undefined, reset: () => undefined });
    await follower.tell(9);
    expect(follower.at).toBe(3);
    expect(fetchChanges).toHaveBeenCalledTimes(1);
  });

  it('keeps its place when a look fails, and goes on at the next', async () => {
    const server = log(3);
    server.fetchChanges.mockRejectedValueOnce(new Error('away'));
    const { follower, seen } = follow(server);
    await follower.look();
    expect(follower.at).toBe(0);
    await follower.look();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('forgets all when the log is shorter than what was seen', async () => {
    const { follower, reset } = follow(log(4), 10);
    await follower.look();
    expect(reset).toHaveBeenCalledOnce();
    expect(follower.at).toBe(4);
  });

  it('asks nothing once stopped', async () => {
    const server = log(3);
    const { follower } = follow(server);
    follower.stop();
    await follower.look();
    expect(server.fetchChanges).not.toHaveBeenCalled();
  });
});
