import { Button, Group, Menu, Modal, NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Check, ChevronDown, Quote } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { toastError } from '../../ui/toast';
import { bibtexText, citationsQuery, formats, saveBibliography, stylesQuery, type Citations } from './api';
import classes from './CiteDialog.module.css';
import { copyRich } from './copy';
import { Formatted } from './Formatted';
import { KeysDialog } from './KeysDialog';

interface Props {
  libraryId: string;
  /** None: closed. */
  documentIds: readonly string[];
  onClose: () => void;
}

const styleKey = 'scrollkeeper.citationStyle';

/** Documents as a text cites them: to look at, to copy, and as a file. */
export function CiteDialog({ libraryId, documentIds, onClose }: Props) {
  const { t } = useTranslation('cite');
  const { t: app } = useTranslation('app');
  return (
    <Modal
      opened={documentIds.length > 0}
      onClose={onClose}
      title={t('title', { count: documentIds.length })}
      size={640}
      closeButtonProps={{ 'aria-label': app('close') }}
    >
      {documentIds.length > 0 ? <Body libraryId={libraryId} documentIds={documentIds} /> : null}
    </Modal>
  );
}

function Body({ libraryId, documentIds }: Omit<Props, 'onClose'>) {
  const { t } = useTranslation('cite');
  const styles = useQuery(stylesQuery).data ?? [];
  const [chosen, setChosen] = useState(() => localStorage.getItem(styleKey) ?? '');
  const style = styles.find(({ id }) => id === chosen)?.id ?? styles[0]?.id;
  const { data, error } = useQuery({
    ...citationsQuery(libraryId, documentIds, style ?? ''),
    enabled: style !== undefined,
    placeholderData: keepPreviousData,
  });
  const [copied, setCopied] = useState<string>();
  const copy = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
      setCopied(what);
      announce(t('copied'));
    } catch (reason) {
      toastError(reason);
    }
  };
  const icon = (what: string) => (copied === what ? <Check size={14} aria-hidden /> : undefined);
  return (
    <>
      <NativeSelect
        label={t('style')}
        data={styles.map(({ id, title }) => ({ value: id, label: title }))}
        value={style ?? ''}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
          localStorage.setItem(styleKey, event.currentTarget.value);
          setCopied(undefined);
        }}
        data-autofocus
      />
      {error && !data ? (
        <p className={classes.problem} role="alert">
          {sentence(error)}
        </p>
      ) : null}
      {data ? (
        <>
          <h3 className={classes.part}>{t('inText')}</h3>
          <p className={classes.text}>
            <Formatted html={data.together.html} />
          </p>
          <h3 className={classes.part}>{t('bibliography')}</h3>
          <div className={classes.list} tabIndex={0} role="group" aria-label={t('bibliography')}>
            {entries(data).map(({ html }, i) => (
              <p key={i} className={classes.text} data-hanging={data.hanging_indent || undefined}>
                <Formatted html={html} />
              </p>
            ))}
          </div>
          <Group gap="xs" mt="md">
            <Button size="xs" leftSection={icon('bibliography')} onClick={() => void copy('bibliography', () => copyRich(joined(data)))}>
              {t('copyBibliography')}
            </Button>
            <Button size="xs" variant="default" leftSection={icon('citation')} onClick={() => void copy('citation', () => copyRich(data.together))}>
              {t('copyCitation')}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={icon('bibtex')}
              onClick={() => void copy('bibtex', async () => navigator.clipboard.writeText(await bibtexText(libraryId, documentIds)))}
            >
              {t('copyBibtex')}
            </Button>
            <ExportMenu libraryId={libraryId} documentIds={documentIds} />
          </Group>
        </>
      ) : null}
    </>
  );
}

const entries = (data: Citations) =>
  data.bibliography.flatMap((place) => {
    const entry = data.items[place]?.entry;
    return entry ? [entry] : [];
  });

/** The bibliography as one text, a paragraph for each entry. */
const joined = (data: Citations) => ({
  html: entries(data)
    .map(({ html }) => `<p>${html}</p>`)
    .join('\n'),
  text: entries(data)
    .map(({ text }) => text)
    .join('\n\n'),
});

interface ExportProps {
  libraryId: string;
  documentIds?: readonly string[] | undefined;
  /** Whether keys may be made another way. */
  mayNameKeys?: boolean;
}

/** A bibliography as a file: of these documents, or of the whole library. */
export function ExportMenu({ libraryId, documentIds, mayNameKeys = false }: ExportProps) {
  const { t } = useTranslation('cite');
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <Button size="xs" variant="default" aria-label={documentIds ? undefined : t('exportAll')} rightSection={<ChevronDown size={14} aria-hidden />}>
            {t('export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {formats.map((format) => (
            <Menu.Item key={format} onClick={() => void saveBibliography(libraryId, format, documentIds).catch(toastError)}>
              {t(`format.${format}`)}
            </Menu.Item>
          ))}
          {mayNameKeys ? (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => setNaming(true)}>{t('keys.open')}</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {mayNameKeys ? <KeysDialog libraryId={libraryId} opened={naming} onClose={() => setNaming(false)} /> : null}
    </>
  );
}

/** Opens the dialog for one document. */
export function CiteButton({ libraryId, documentId }: { libraryId: string; documentId: string }) {
  const { t } = useTranslation('cite');
  const [open, setOpen] = useState(false);
  const ids = useMemo(() => (open ? [documentId] : []), [open, documentId]);
  return (
    <>
      <Button variant="default" leftSection={<Quote size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setOpen(true)}>
        {t('title', { count: 1 })}
      </Button>
      <CiteDialog libraryId={libraryId} documentIds={ids} onClose={() => setOpen(false)} />
    </>
  );
}
