import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { FileUp, FolderUp, List, Upload } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys';
import { useQueue, useUploadContext } from './context';
import { ProgressRing } from './ProgressRing';
import { totals } from './totals';
import classes from './UploadButton.module.css';

interface UploadButtonProps {
  /** Whether the person's role in the open library may add papers. */
  canWrite?: boolean;
}

/** The way in from the top bar: picks files or a folder, and shows how far the uploads are. */
export function UploadButton({ canWrite = true }: UploadButtonProps) {
  const { t } = useTranslation('ingest');
  const { pickFiles, pickFolder, canPickFolder, setView } = useUploadContext();
  const queue = useQueue();
  const sum = useMemo(() => totals(queue), [queue]);
  useKeys([{ keys: 'u', label: t('keys.upload'), group: t('keys.group'), run: pickFiles }], canWrite);

  const listed = sum.count > 0;
  // Without a role to add, the button is only the way to what is still under way elsewhere.
  if (!canWrite && !listed) {
    return (
      <Tooltip label={t('drop.forbidden')} events={{ hover: true, focus: true, touch: true }}>
        <UnstyledButton className={classes.button} aria-disabled aria-label={`${t('button.upload')}: ${t('drop.forbidden')}`}>
          <Upload size={17} strokeWidth={1.75} aria-hidden />
          <span className={classes.word}>{t('button.upload')}</span>
        </UnstyledButton>
      </Tooltip>
    );
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton
          className={classes.button}
          aria-label={listed ? t('button.label', { done: sum.done, count: sum.count }) : t('button.upload')}
        >
          {listed && !sum.settled ? <ProgressRing totals={sum} /> : <Upload size={17} strokeWidth={1.75} aria-hidden />}
          <span className={classes.word}>{t('button.upload')}</span>
          {listed && !sum.settled && (
            <span className={classes.count}>{t('button.progress', { done: sum.done, count: sum.count })}</span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {canWrite && (
          <Menu.Item leftSection={<FileUp size={16} strokeWidth={1.75} />} onClick={pickFiles}>
            {t('button.files')}
          </Menu.Item>
        )}
        {canWrite && canPickFolder && (
          <Menu.Item leftSection={<FolderUp size={16} strokeWidth={1.75} />} onClick={pickFolder}>
            {t('button.folder')}
          </Menu.Item>
        )}
        {listed && canWrite && <Menu.Divider />}
        {listed && (
          <Menu.Item leftSection={<List size={16} strokeWidth={1.75} />} onClick={() => setView('open')}>
            {sum.attention > 0 ? t('button.attention', { count: sum.attention }) : t('button.show')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
