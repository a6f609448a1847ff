import { Button, Checkbox, Group, Modal, Progress, Radio, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PdfHandle } from '../../pdfview/types';
import { toast } from '../../ui/toast';
import { parsePages } from './pageRange';
import classes from './PrintDialog.module.css';

interface Props {
  pdf: PdfHandle;
  page: number;
  pageCount: number;
  onClose: () => void;
}

/** Which pages go to paper; then how far drawing them is. */
export function PrintDialog({ pdf, page, pageCount, onClose }: Props) {
  const { t } = useTranslation('reader');
  const [what, setWhat] = useState<'all' | 'current' | 'range'>('all');
  const [range, setRange] = useState('');
  const [wrong, setWrong] = useState(false);
  const [marks, setMarks] = useState(true);
  const [done, setDone] = useState<{ done: number; total: number }>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const print = async () => {
    const pages = what === 'range' ? parsePages(range, pageCount) : what === 'current' ? [page] : undefined;
    if (what === 'range' && !pages) {
      setWrong(true);
      return;
    }
    const controller = new AbortController();
    running.current = controller;
    setDone({ done: 0, total: pages?.length ?? pageCount });
    try {
      await pdf.print({
        ...(pages ? { pages } : {}),
        marks,
        signal: controller.signal,
        onProgress: (count, total) => setDone({ done: count, total }),
      });
    } catch {
      if (!controller.signal.aborted) toast(t('print.failed'), { timeout: 8000 });
    }
    onClose();
  };
  const cancel = () => {
    running.current?.abort();
    onClose();
  };

  return (
    <Modal opened onClose={cancel} title={t('print.title')} size={400} closeButtonProps={{ 'aria-label': t('print.close') }}>
      {done ? (
        <>
          <p className={classes.progress} role="status">
            {t('print.progress', done)}
          </p>
          <Progress value={done.total ? (100 * done.done) / done.total : 0} aria-label={t('print.title')} />
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={cancel} data-autofocus>
              {t('print.cancel')}
            </Button>
          </Group>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void print();
          }}
        >
          <Radio.Group
            aria-label={t('print.pages')}
            value={what}
            onChange={(value) => setWhat(value === 'current' || value === 'range' ? value : 'all')}
          >
            <Stack gap={10}>
              <Radio value="all" label={t('print.all', { count: pageCount })} data-autofocus />
              <Radio value="current" label={t('print.current', { page })} />
              <Group gap="sm" wrap="nowrap" align="flex-start">
                <Radio value="range" label={t('print.range')} className={classes.range ?? ''} />
                <TextInput
                  className={classes.field ?? ''}
                  aria-label={t('print.rangeField')}
                  placeholder={t('print.rangeHint')}
                  value={range}
                  error={wrong ? t('print.rangeWrong', { total: pageCount }) : undefined}
                  onChange={(event) => {
                    setRange(event.currentTarget.value);
                    setWhat('range');
                    setWrong(false);
                  }}
                />
              </Group>
            </Stack>
          </Radio.Group>
          <Checkbox
            mt="md"
            label={t('print.marks')}
            checked={marks}
            onChange={(event) => setMarks(event.currentTarget.checked)}
          />
          <Group justify="flex-end" gap="xs" mt="lg">
            <Button variant="default" onClick={onClose}>
              {t('print.cancel')}
            </Button>
            <Button type="submit">{t('print.go')}</Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}
