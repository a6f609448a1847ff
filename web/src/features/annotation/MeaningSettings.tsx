import { Button, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnotationSettings, Meaning } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { toast, toastError } from '../../ui/toast';
import { saveSettings, settingsQuery } from './api';
import { Chip } from './Chip';
import classes from './MeaningSettings.module.css';
import { meanings } from './meanings';

/** What a library calls the meanings, and whether new marks are private. For its admins. */
export function MeaningSettings({ libraryId }: { libraryId: string }) {
  const { data } = useQuery(settingsQuery(libraryId));
  return data ? <Form key={libraryId} libraryId={libraryId} settings={data} /> : null;
}

/** The server's limit, in code points. */
const longest = 40;

function Form({ libraryId, settings }: { libraryId: string; settings: AnnotationSettings }) {
  const { t } = useTranslation('annotation');
  const client = useQueryClient();
  const [names, setNames] = useState<Record<Meaning, string>>(
    () => Object.fromEntries(meanings.map((meaning) => [meaning, settings.meanings[meaning].name ?? ''])) as Record<Meaning, string>,
  );
  const [secret, setSecret] = useState(settings.default_private);
  const save = useMutation({
    mutationFn: () =>
      saveSettings(libraryId, {
        default_private: secret,
        meanings: Object.fromEntries(
          meanings.map((meaning) => [meaning, { name: names[meaning].trim() || null }]),
        ) as AnnotationSettings['meanings'],
      }),
    onSuccess: (saved) => {
      client.setQueryData(queryKeys.annotationSettings(libraryId), saved);
      toast(t('settings.saved'));
    },
    onError: toastError,
  });
  return (
    <section className={classes.section} aria-labelledby="meaning-settings">
      <h2 id="meaning-settings" className={classes.title}>
        {t('settings.title')}
      </h2>
      <p className={classes.text}>{t('settings.text')}</p>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className={classes.names}>
          {meanings.map((meaning) => (
            <div key={meaning} className={classes.name}>
              <Chip meaning={meaning} name={names[meaning].trim() || t(`meaning.${meaning}`)} />
              <TextInput
                aria-label={t('settings.name', { meaning: t(`meaning.${meaning}`) })}
                placeholder={t(`meaning.${meaning}`)}
                maxLength={longest}
                value={names[meaning]}
                onChange={(event) => setNames({ ...names, [meaning]: event.currentTarget.value })}
              />
            </div>
          ))}
        </div>
        <Switch
          mt="md"
          label={t('settings.private')}
          description={t('settings.privateText')}
          checked={secret}
          onChange={(event) => setSecret(event.currentTarget.checked)}
        />
        <Button type="submit" variant="default" mt="md" loading={save.isPending}>
          {t('settings.save')}
        </Button>
      </form>
    </section>
  );
}
