import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Sheet.module.css';

interface Props {
  title: string;
  /** Names the button that closes it. */
  close: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel as a sheet from below, where the window is too narrow for one at the side. */
export function Sheet({ title, close, open, onClose, children }: Props) {
  return (
    <Drawer
      opened={open}
      onClose={onClose}
      position="bottom"
      size="70%"
      title={title}
      closeButtonProps={{ 'aria-label': close, size: 44, iconSize: 18 }}
      overlayProps={{ backgroundOpacity: 1, color: 'var(--scrim)' }}
      transitionProps={{ duration: 150 }}
      classNames={{
        content: classes.content ?? '',
        header: classes.header ?? '',
        title: classes.title ?? '',
        body: classes.body ?? '',
      }}
    >
      {children}
    </Drawer>
  );
}
