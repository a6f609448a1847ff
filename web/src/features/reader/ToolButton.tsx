import { ActionIcon, Tooltip } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';
import { Keys } from '../../ui/Keys';
import classes from './Toolbar.module.css';

interface Props extends Omit<ComponentPropsWithRef<'button'>, 'color'> {
  icon: LucideIcon;
  label: string;
  /** Shown beside the label: "Mod+F". */
  keys?: string;
  /** Left out of a bar that has no room for it. */
  'data-optional'?: boolean;
}

/** An icon with a name: read out, and shown when pointed at. */
export function ToolButton({ icon: Icon, label, keys, ...rest }: Props) {
  return (
    <Tooltip
      label={
        <span className={classes.tip}>
          {label}
          {keys ? <Keys keys={keys} onBar /> : null}
        </span>
      }
    >
      <ActionIcon className={classes.tool} aria-label={label} {...rest}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
