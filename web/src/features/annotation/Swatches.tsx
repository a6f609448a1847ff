import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Meaning } from '../../lib/api';
import { Keys } from '../../ui/Keys';
import type { MeaningNames } from './api';
import { meaningIcon, meanings } from './meanings';
import classes from './Popup.module.css';

interface Props {
  /** Undefined where none is chosen yet: then each is a button of its own. */
  value?: Meaning;
  names: MeaningNames;
  small?: boolean;
  onChoose: (meaning: Meaning) => void;
}

/** The five meanings as colours with their icons, in the order of their keys. */
export function Swatches({ value, names, small, onChoose }: Props) {
  const { t } = useTranslation('annotation');
  return (
    <span className={classes.swatches} role="group" aria-label={t('popup.meaning')}>
      {meanings.map((meaning, i) => {
        const Icon = meaningIcon[meaning];
        return (
          <Tooltip
            key={meaning}
            openDelay={150}
            label={
              <span className={classes.tip}>
                {names[meaning]}
                {small ? null : <Keys keys={String(i + 1)} onBar />}
              </span>
            }
          >
            <button
              type="button"
              className={classes.swatch}
              data-meaning={meaning}
              data-small={small || undefined}
              aria-label={names[meaning]}
              aria-pressed={value === undefined ? undefined : value === meaning}
              onClick={() => onChoose(meaning)}
            >
              <Icon size={small ? 13 : 16} strokeWidth={2} aria-hidden />
            </button>
          </Tooltip>
        );
      })}
    </span>
  );
}
