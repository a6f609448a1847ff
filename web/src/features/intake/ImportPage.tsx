import { Button, Checkbox, FileButton, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileInput } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatMoment, formatNumber } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';
import { toastError } from '../../ui/toast';
import { beginImport, discardImport, importsQuery, runImport, undoImport, type Import } from './api';
import classes from './ImportPage.module.css';
import { sendings } from './sending';

interface Props {
  libraryId: string;
  mayAdd: boolean;
  /** Leads to what came in. */
  toLibrary: ReactNode;
}

/** Bibliographies: looked through first, then brought in, and taken back if need be. */
export function ImportPage({ libraryId, mayAdd, toLibrary }: Props) {
  const { t } = useTranslation('intake');
  const client = useQueryClient();
  const { queryKey } = importsQuery(libraryId);
  const reset = useRef<() => void>(null);
  const { data: imports, error } = useQuery(importsQuery(libraryId));
  const underWay = useSyncExternalStore(sendings.subscribe, sendings.list).filter((one) => one.libraryId === libraryId);
  const begin = useMutation({
    mutationFn: (file: File) => beginImport(libraryId, file),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  // What came in is in the list of documents, and counted.
  const ended = imports?.filter(({ state }) => state === 'done' || state === 'undone').map(({ id, state }) => id + state).join() ?? '';
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (before.current !== undefined && before.current !== ended) {
      void client.invalidateQueries({ queryKey: queryKeys.documentLists(libraryId) });
      void client.invalidateQueries({ queryKey: queryKeys.libraries });
    }
    if (imports) before.current = ended;
  }, [client, libraryId, ended, imports]);

  return (
    <section className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>{t('title')}</h1>
        {mayAdd ? (
          <FileButton
            accept=".bib,.bibtex,.ris,.nbib,.json,.xml,.rdf,.zip"
            resetRef={reset}
            onChange={(file) => {
              reset.current?.(); // the same file may be chosen again, corrected
              if (file) begin.mutate(file);
            }}
          >
            {(props) => (
              <Button {...props} loading={begin.isPending} leftSection={<FileInput size={16} strokeWidth={1.75} aria-hidden />}>
                {t('choose')}
              </Button>
            )}
          </FileButton>
        ) : null}
      </header>
      <p className={classes.intro}>{mayAdd ? t('intro') : t('mayNot')}</p>
      {error && !imports ? (
        <p className={classes.problem} role="alert">
          {sentence(error)}
        </p>
      ) : null}
      {underWay.map(({ id, name, sent, size }) => (
        <article key={id} className={classes.entry} aria-label={name}>
          <h2 className={classes.name}>{name}</h2>
          <p className={`${classes.line} tabular`} role="status">
            {t('sending', { sent: formatBytes(sent), size: formatBytes(size) })}
          </p>
          <Progress value={size > 0 ? (100 * sent) / size : 0} aria-label={t('sendingProgress')} />
        </article>
      ))}
      {imports?.map((one) => <Entry key={one.id} libraryId={libraryId} item={one} mayAdd={mayAdd} toLibrary={toLibrary} />)}
    </section>
  );
}

/** PDFs of an archive that would come in. */
const filesToCome = ({ contents }: Import): number => Math.max(0, contents.files - contents.known - contents.unreadable);

/** How much of an import is done, in percent. */
function share({ passed, total, files_passed, contents }: Import): number {
  const all = total + contents.files;
  return all > 0 ? (100 * (passed + files_passed)) / all : 0;
}

/** What a file holds beside its records. */
function Contents({ item: { contents } }: { item: Import }) {
  const { t } = useTranslation('intake');
  const n = (count: number) => ({ count, n: formatNumber(count) });
  const alone = Math.max(0, contents.files - contents.matched);
  return (
    <>
      {contents.matched > 0 ? <li>{t('matched', n(contents.matched))}</li> : null}
      {contents.marks > 0 ? <li>{t('marks', n(contents.marks))}</li> : null}
      {alone > 0 ? <li>{t('alone', n(alone))}</li> : null}
      {contents.known > 0 ? <li>{t('known', n(contents.known))}</li> : null}
      {contents.missing > 0 ? <li>{t('missing', n(contents.missing))}</li> : null}
      {contents.others > 0 ? <li>{t('others', n(contents.others))}</li> : null}
      <Named label={t('collections', n(contents.collection_count))} names={contents.collections} count={contents.collection_count} />
      <Named label={t('foldersFound', n(contents.folder_count))} names={contents.folders} count={contents.folder_count} />
      {contents.tags > 0 ? <li>{t('tags', n(contents.tags))}</li> : null}
      {contents.notes > 0 ? <li>{t('notes', n(contents.notes))}</li> : null}
    </>
  );
}

/** So many names stand in the line; the others are counted. */
const NAMED = 8;

function Named({ label, names, count }: { label: string; names: readonly string[]; count: number }) {
  const { t } = useTranslation('intake');
  if (count === 0) return null;
  const more = count - Math.min(names.length, NAMED);
  return (
    <li>
      {label}: {names.slice(0, NAMED).join(', ')}
      {more > 0 ? ` ${t('more', { n: formatNumber(more) })}` : null}
    </li>
  );
}

interface EntryProps extends Props {
  item: Import;
}

function Entry({ libraryId, item, mayAdd, toLibrary }: EntryProps) {
  const { t } = useTranslation('intake');
  const client = useQueryClient();
  const { queryKey } = importsQuery(libraryId);
  const act = useMutation({
    mutationFn: async (work: (id: string) => Promise<unknown>) => work(item.id),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const n = (count: number) => ({ count, n: formatNumber(count) });
  const running = item.state === 'running';
  const [folders, setFolders] = useState(true);
  const files = filesToCome(item);
  return (
    <article className={classes.entry} aria-label={item.filename}>
      <h2 className={classes.name}>
        {item.filename}
        <span className={classes.facts} title={formatMoment(item.created_at)}>
          {t(`format.${item.format}`)} · {formatBytes(item.size)}
        </span>
      </h2>
      <div role="status">
        {item.state === 'checking' ? (
          <p className={`${classes.line} tabular`}>
            {item.files_passed > 0 ? t('checkingFiles', { n: formatNumber(item.files_passed), total: formatNumber(item.contents.files) }) : t('checking')}
          </p>
        ) : null}
        {item.state === 'checked' ? (
          <ul className={classes.counts}>
            {item.total > 0 || item.contents.files === 0 ? <li>{t('fresh', n(item.fresh))}</li> : null}
            {item.present > 0 ? <li>{t('present', n(item.present))}</li> : null}
            {item.repeated > 0 ? <li>{t('repeated', n(item.repeated))}</li> : null}
            <Contents item={item} />
            {item.problem_count > 0 ? <li>{t('unread', n(item.problem_count))}</li> : null}
          </ul>
        ) : null}
        {running ? <p className={`${classes.line} tabular`}>
            {item.passed < item.total || item.contents.files === 0
              ? t('running', { n: formatNumber(item.passed), total: formatNumber(item.total) })
              : t('runningFiles', { n: formatNumber(item.files_passed), total: formatNumber(item.contents.files) })}
          </p> : null}
        {item.state === 'done' ? <p className={classes.line}>{item.files_added > 0 ? t('doneFiles', { ...n(item.added), files: formatNumber(item.files_added) }) : t('done', n(item.added))}</p> : null}
        {item.state === 'undone' ? <p className={classes.line}>{t('undone', n(item.added))}</p> : null}
        {item.state === 'failed' ? <p className={classes.problem}>{item.failure}</p> : null}
      </div>
      {running ? <Progress value={share(item)} aria-label={t('progress')} /> : null}
      {item.problems.length > 0 ? (
        <details className={classes.details} open={item.state === 'checked' && item.problem_count <= 5}>
          <summary>{t('problems', n(item.problem_count))}</summary>
          <ol className={classes.problems}>
            {item.problems.map(({ file, line, key, message }, i) => (
              <li key={i}>
                <span className={classes.where}>
                  {file ? `${file}${line > 0 ? ', ' : ':'}` : null}
                  {line > 0 ? (key ? t('lineOf', { line: formatNumber(line), key }) : t('line', { line: formatNumber(line) })) : null}
                </span>{' '}
                {message}
              </li>
            ))}
          </ol>
          {item.problem_count > item.problems.length ? <p className={classes.line}>{t('moreProblems', n(item.problem_count - item.problems.length))}</p> : null}
        </details>
      ) : null}
      <div className={classes.actions}>
        {item.state === 'checked' && item.fresh + files > 0 && mayAdd ? (
          <>
            <Button size="xs" loading={act.isPending} onClick={() => act.mutate((id) => runImport(id, folders))}>
              {item.fresh > 0 ? t('run', n(item.fresh)) : t('runFiles', n(files))}
            </Button>
            {item.contents.folder_count > 0 ? (
              <Checkbox size="xs" label={t('folders')} checked={folders} onChange={({ currentTarget }) => setFolders(currentTarget.checked)} />
            ) : null}
          </>
        ) : null}
        {item.state === 'done' && item.added + item.files_added > 0 ? (
          <>
            {toLibrary}
            {mayAdd ? (
              <Button size="xs" variant="default" loading={act.isPending} onClick={() => act.mutate(undoImport)}>
                {t('undo')}
              </Button>
            ) : null}
          </>
        ) : null}
        {item.state === 'checking' || running ? null : (
          <Button size="xs" variant="subtle" color="gray" onClick={() => act.mutate(discardImport)}>
            {t(item.state === 'checked' ? 'discard' : 'forget')}
          </Button>
        )}
      </div>
    </article>
  );
}
