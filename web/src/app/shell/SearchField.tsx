import { ActionIcon, TextInput } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys';
import classes from './TopBar.module.css';

const route = getRouteApi('/frame/search');

/** How long after the last letter the search runs. */
const TYPING_MS = 250;

/** The top bar's field while the search page is shown: it is the query. */
export function SearchField() {
  const { t } = useTranslation('app');
  const { q = '' } = route.useSearch();
  const navigate = useNavigate();
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const input = useRef<HTMLInputElement>(null);

  // The address is the truth: Back brings an older query.
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setText(q);
  }, [q]);
  useEffect(() => {
    const next = text.trim();
    if (next === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = next;
      void navigate({ to: '/search', search: (before) => ({ ...before, q: next || undefined }), replace: true });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, navigate]);
  useEffect(() => {
    if (!input.current?.value) input.current?.focus();
  }, []);
  useKeys([{ keys: '/', label: t('keys.search'), group: t('keys.everywhere'), run: () => input.current?.select() }]);

  return (
    <TextInput
      ref={input}
      className={classes.field}
      id="query"
      type="search"
      aria-label={t('bar.searchQuery')}
      placeholder={t('bar.search')}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        // To the hits, where n, p and Enter work.
        if (event.key === 'Enter' || event.key === 'ArrowDown' || event.key === 'Escape') {
          event.preventDefault();
          document.getElementById('hits')?.focus();
        }
      }}
      leftSection={<Search size={16} strokeWidth={1.75} aria-hidden />}
      rightSection={
        text ? (
          <ActionIcon
            size={24}
            aria-label={t('bar.clearSearch')}
            onClick={() => {
              setText('');
              input.current?.focus();
            }}
          >
            <X size={14} />
          </ActionIcon>
        ) : null
      }
    />
  );
}
