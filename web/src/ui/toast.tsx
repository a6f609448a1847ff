/** Short messages at the bottom left; one of them may be taken back. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { problemOf, sentence } from '../lib/problem';
import classes from './toast.module.css';

interface ToastOptions {
  action?: { label: string; run: () => void };
  /** Milliseconds on screen; 5 s unless told, 10 s with an action. */
  timeout?: number;
  /** The id of an older one that goes: the newest way back must not wait in a queue. */
  replaces?: string;
}

export function toast(message: string, options: ToastOptions = {}): string {
  const { action, replaces } = options;
  if (replaces) notifications.hide(replaces);
  const id = notifications.show({
    autoClose: options.timeout ?? (action ? 10_000 : 5000),
    withCloseButton: !action,
    closeButtonProps: { 'aria-label': i18next.t('app:close') },
    classNames: { root: classes.toast ?? '', description: classes.message ?? '', closeButton: classes.close ?? '' },
    role: 'status',
    message: action ? (
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Text inherit>{message}</Text>
        <Button
          variant="subtle"
          className={classes.action}
          onClick={() => {
            notifications.hide(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      </Group>
    ) : (
      message
    ),
  });
  return id;
}

/** Says why something did not work. Not that one is signed out: a dialog asks for that. */
export const toastError = (error: unknown): void => toastReason(error, (reason) => reason);

/** The same with the reason put into a longer sentence. */
export function toastReason(error: unknown, say: (reason: string) => string): void {
  if (problemOf(error).status !== 401) toast(say(sentence(error)), { timeout: 8000 });
}
