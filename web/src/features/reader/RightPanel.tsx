import { Tabs } from '@mantine/core';
import { PanelRightClose } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './RightPanel.module.css';
import type { SidePanel } from './slots';
import { ToolButton } from './ToolButton';

interface Props {
  panels: readonly SidePanel[];
  open: string;
  onOpen: (id: string) => void;
  /** Left out in a sheet, which is moved instead. */
  onClose?: (() => void) | undefined;
  /** Drawn above the tabs of a sheet. */
  handle?: ReactNode;
}

/** What is said and known about the paper, one panel at a time. */
export function RightPanel({ panels, open, onOpen, onClose, handle }: Props) {
  const { t } = useTranslation('reader');
  const shown = panels.find(({ id }) => id === open) ?? panels[0];
  return (
    <Tabs
      value={shown?.id ?? null}
      onChange={(id) => {
        if (id) onOpen(id);
      }}
      keepMounted={false}
      variant="none"
      classNames={{ root: classes.root ?? '', list: classes.list ?? '', tab: classes.tab ?? '', panel: classes.panel ?? '' }}
    >
      {handle}
      <div className={classes.header}>
        <Tabs.List aria-label={t('side.label')}>
          {panels.map(({ id, title, count }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
              {count === undefined ? null : <span className={classes.count}> {count}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <span className={classes.space} />
        {shown?.tools}
        {onClose ? <ToolButton icon={PanelRightClose} label={t('side.close')} keys="]" onClick={onClose} /> : null}
      </div>
      {panels.map(({ id, content }) => (
        <Tabs.Panel key={id} value={id}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
