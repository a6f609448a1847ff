import { wordmarkPath } from './wordmark.path';

// A bookmark with a scroll's curl. The darker curl needs help on dark ground.
const bookmark = (
  <>
    <path
      fill="var(--mark)"
      d="M3 4.5a3 3 0 0 1 3-3h10a2.5 2.5 0 0 0-2.5 2.5v13.6c0 .63-.73.98-1.22.58L8.25 14.9l-4.03 3.28c-.49.4-1.22.05-1.22-.58V4.5Z"
    />
    <path fill="var(--mark-curl)" d="M13.5 4a2.5 2.5 0 0 1 5 0v2.2a.8.8 0 0 1-.8.8h-4.2V4Z" />
  </>
);

/** The mark alone, before a library's name. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      {bookmark}
    </svg>
  );
}

/** The mark with the name; for pages that belong to no library. */
export function Wordmark() {
  return (
    <svg width="150" height="24" viewBox="0 0 125 20" role="img" aria-label="Scrollkeeper">
      {bookmark}
      <path fill="currentColor" d={wordmarkPath} />
    </svg>
  );
}
