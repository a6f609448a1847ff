/**
 * From the server's problem+json (RFC 9457) to one sentence for the person:
 * ours by code where we have a better one, else the server's own detail.
 */
import i18next from 'i18next';

export interface Problem {
  /** The HTTP status; 0 when no answer came. */
  status: number;
  /** Stable, snake_case; what code may compare with. */
  code: string;
  title: string;
  /** What happened and what to do, in plain words. May be empty. */
  detail: string;
  request_id?: string;
  errors?: { location: string; message: string }[];
  /** Further members of the problem, such as `document_id`. */
  [extra: string]: unknown;
}

/** What every failed call of the API throws. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail || problem.title || problem.code, options);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads a problem from a response body of any kind; never throws. */
export function problemFrom(body: unknown, status: number): Problem {
  let value = body;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value) as unknown;
    } catch {
      value = undefined;
    }
  }
  if (!isRecord(value)) return { status, code: byStatus(status), title: '', detail: '' };
  const errors = Array.isArray(value.errors)
    ? value.errors.filter(isRecord).map((e) => ({ location: text(e.location), message: text(e.message) }))
    : undefined;
  return {
    ...value,
    status,
    code: text(value.code) || byStatus(status),
    title: text(value.title),
    detail: text(value.detail),
    ...(errors ? { errors } : {}),
    request_id: text(value.request_id),
  };
}

/** Any thrown value as a problem; `unexpected` for what is not ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { status: 0, code: 'unexpected', title: '', detail: '' };
}

/** The sentence to show. Never empty, never a code or a stack. */
export function sentence(error: unknown): string {
  const problem = problemOf(error);
  // An address that cannot be right leads nowhere; how it is wrong helps nobody.
  if (problem.errors?.length && problem.errors.every((one) => one.location.startsWith('path.'))) {
    return i18next.t('problem:http_404');
  }
  for (const code of [problem.code, problem.detail ? '' : byStatus(problem.status)]) {
    if (code && i18next.exists(`problem:${code}`)) return i18next.t(`problem:${code}`, { ...problem });
  }
  return problem.detail || problem.title || i18next.t('problem:unexpected');
}

/**
 * The message for one field of a form, when the server named that field: by
 * `field` in the problem, or by a location such as `body.email`.
 */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!error) return undefined;
  const problem = problemOf(error);
  if (problem.field === field) return sentence(error);
  return problem.errors?.find((e) => e.location.split('.').at(-1) === field)?.message;
}

/** Whether trying the same again may help. */
export function mayRetry(error: unknown): boolean {
  const { status, code } = problemOf(error);
  return code === 'offline' || status === 429 || status >= 500;
}

function byStatus(status: number): string {
  if (status === 0) return 'offline';
  // A proxy in front answers for a server that is away.
  if (status === 502 || status === 504) return 'http_503';
  if (status >= 500 && status !== 503 && status !== 507) return 'internal';
  return `http_${status}`;
}
