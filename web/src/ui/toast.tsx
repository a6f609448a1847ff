/** Short messages at the bottom left; one of them may be taken back. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { sentence } from '../lib/problem';
import classes from './toast.module.css';

interface ToastOptions {
  action?: { label: string; run: () => void };
  /** Milliseconds on screen; 5 s unless told, 10 s with an action. */
  timeout?: number;
}

export function toast(message: string, options: ToastOptions = {}): string {
  const id = crypto.randomUUID();
  const { action } = options;
  notifications.show({
    id,
    autoClose: options.timeout ?? (action ? 10_000 : 5000),
    withCloseButton: !action,
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

/** Says why something did not work. */
export const toastError = (error: unknown): string => toast(sentence(error), { timeout: 8000 });
