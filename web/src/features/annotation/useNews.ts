/** What others have added since one began to look, out of one's sight. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Annotation } from '../../lib/api';
import type { ViewFeed } from './viewFeed';

interface Item {
  readonly markId: string;
  readonly page: number | undefined;
  readonly name: string;
}

export interface News {
  readonly items: readonly Item[];
  /** Forgets what is new about these marks; all without ids. */
  readonly seen: (ids?: readonly string[]) => void;
}

/** Everything that was said in a mark, by its id, and by whom. */
function sayings(mark: Annotation): [id: string, authorId: string | null, name: string][] {
  return [
    [mark.id, mark.author.id, mark.author.name],
    ...mark.replies.map((reply): [string, string | null, string] => [reply.id, reply.author.id, reply.author.name]),
  ];
}

export function useNews(marks: readonly Annotation[] | undefined, myId: string, feed: ViewFeed): News {
  const known = useRef<Set<string>>(undefined);
  const [items, setItems] = useState<readonly Item[]>([]);

  useEffect(() => {
    if (!marks) return;
    const before = known.current;
    known.current = new Set(marks.flatMap((mark) => sayings(mark).map(([id]) => id)));
    // What is there at the beginning is not new.
    if (!before) return;
    const visible = new Set(feed.view?.visible.map(({ page }) => page));
    const fresh = marks.flatMap((mark): Item[] => {
      const page = mark.anchor.parts[0]?.page;
      if (page !== undefined && visible.has(page)) return [];
      return sayings(mark)
        .filter(([id, author]) => !before.has(id) && author !== myId)
        .map(([, , name]) => ({ markId: mark.id, page, name }));
    });
    if (fresh.length > 0) setItems((now) => [...now, ...fresh]);
  }, [marks, myId, feed]);

  const seen = useCallback((ids?: readonly string[]) => {
    setItems((now) => {
      const left = ids ? now.filter(({ markId }) => !ids.includes(markId)) : [];
      return left.length === now.length ? now : left;
    });
  }, []);

  // A page that comes into the window takes its news with it.
  useEffect(() => {
    if (items.length === 0) return undefined;
    return feed.listen(() => {
      const visible = new Set(feed.view?.visible.map(({ page }) => page));
      setItems((now) => {
        const left = now.filter(({ page }) => page === undefined || !visible.has(page));
        return left.length === now.length ? now : left;
      });
    });
  }, [feed, items.length]);

  return useMemo(() => ({ items, seen }), [items, seen]);
}
