/** What a guest sees around what was shared: the bar, the password, the name, the list. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShareDocument, ShareVisit } from '../../lib/api';
import { formatMoment } from '../../lib/format';
import { apiPath } from '../../lib/guest';
import { sentence } from '../../lib/problem';
import { Wordmark } from '../../ui/Logo';
import { sayName } from './api';
import classes from './GuestPage.module.css';

interface FrameProps {
  visit?: ShareVisit | undefined;
  /** At the left, before the name. */
  back?: ReactNode;
  children: ReactNode;
}

export function GuestFrame({ visit, back, children }: FrameProps) {
  const { t } = useTranslation('sharing');
  return (
    <div className={classes.frame}>
      <header className={classes.bar}>
        <span className={classes.logo}>
          <Wordmark />
        </span>
        {back}
        <span className={classes.space} />
        {visit?.guest ? <span className={classes.said}>{t('guest.as', { name: visit.guest.name })}</span> : null}
        {visit?.expires_at ? <span className={classes.until}>{t('guest.until', { at: formatMoment(visit.expires_at) })}</span> : null}
      </header>
      <main className={classes.main} id="page" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** A sentence in the middle of the page, with what can be done. */
export function GuestNotice({ title, text, children }: { title: string; text?: string | undefined; children?: ReactNode }) {
  return (
    <div className={classes.notice} role="status">
      <h1 className={classes.title}>{title}</h1>
      {text ? <p className={classes.text}>{text}</p> : null}
      {children}
    </div>
  );
}

interface PasswordProps {
  problem: string | undefined;
  busy: boolean;
  onSubmit: (password: string) => void;
}

export function LinkPassword({ problem, busy, onSubmit }: PasswordProps) {
  const { t } = useTranslation('sharing');
  const [password, setPassword] = useState('');
  return (
    <form
      className={classes.notice}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(password);
      }}
    >
      <h1 className={classes.title}>{t('guest.locked')}</h1>
      <p className={classes.text}>{t('guest.lockedText')}</p>
      <PasswordInput
        label={t('guest.password')}
        autoComplete="off"
        required
        withAsterisk={false}
        maxLength={200}
        autoFocus
        error={problem}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('show') }}
      />
      <Button type="submit" loading={busy} fullWidth>
        {t('guest.open')}
      </Button>
    </form>
  );
}

/** Asks a visitor who may comment for a name; reading goes on meanwhile. */
export function NameBar({ onNamed }: { onNamed: () => Promise<unknown> }) {
  const { t } = useTranslation('sharing');
  const [name, setName] = useState('');
  const say = useMutation({
    mutationFn: async () => {
      await sayName(name.trim());
      await onNamed();
    },
  });
  return (
    <form
      className={classes.naming}
      aria-label={t('guest.nameHint')}
      onSubmit={(event) => {
        event.preventDefault();
        say.mutate();
      }}
    >
      <span className={classes.nameText}>
        <strong>{t('guest.nameHint')}.</strong> {t('guest.nameText')}
      </span>
      <TextInput
        aria-label={t('guest.nameLabel')}
        placeholder={t('guest.nameLabel')}
        autoComplete="name"
        required
        maxLength={120}
        value={name}
        error={say.error ? sentence(say.error) : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" loading={say.isPending}>
        {t('guest.begin')}
      </Button>
    </form>
  );
}

interface ListProps {
  visit: ShareVisit;
  /** The address of one of its papers. */
  hrefOf: (document: ShareDocument) => string;
  onOpen: (document: ShareDocument) => void;
}

export function GuestList({ visit, hrefOf, onOpen }: ListProps) {
  const { t } = useTranslation('sharing');
  return (
    <div className={classes.papers}>
      <h1 className={classes.title}>{visit.name}</h1>
      <p className={classes.text}>
        {visit.documents.length === 0 ? t('guest.empty') : t('guest.papers', { count: visit.documents.length })}
      </p>
      <ul className={classes.list}>
        {visit.documents.map((document) => (
          <li key={document.id}>
            <a
              className={classes.paper}
              href={hrefOf(document)}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(document);
              }}
            >
              {document.thumbnail && document.edition_id ? (
                <img
                  className={classes.picture}
                  src={apiPath(`/api/editions/${document.edition_id}/thumbnail`)}
                  alt=""
                  loading="lazy"
                  width={48}
                  height={62}
                />
              ) : (
                <span className={classes.picture}>
                  <FileText size={18} aria-hidden />
                </span>
              )}
              <span className={classes.what}>
                <span className={classes.name}>{document.title}</span>
                <span className={classes.facts}>{factsOf(document, t('guest.etAl'), t('guest.noFile'))}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {visit.more ? <p className={classes.text}>{t('guest.more')}</p> : null}
    </div>
  );
}

function factsOf({ authors, year, container_title: container, edition_id: edition }: ShareDocument, etAl: string, noFile: string): string {
  const names = authors.slice(0, 3).map(({ family, given, literal }) => literal ?? family ?? given ?? '');
  const who = names.filter(Boolean).join(', ') + (authors.length > 3 ? ` ${etAl}` : '');
  return [who, year?.toString(), container, edition ? '' : noFile].filter(Boolean).join(' · ');
}
