import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Meaning } from '../../lib/api';
import type { MeaningNames } from './api';
import classes from './Popup.module.css';
import { meaningIcon, meanings } from './meanings';

interface Props {
  value: Meaning;
  names: MeaningNames;
  onChoose: (meaning: Meaning) => void;
}

/** The five meanings in a row of a menu. */
export function MeaningItems({ value, names, onChoose }: Props) {
  const { t } = useTranslation('annotation');
  return (
    <div className={classes.menuRow} role="group" aria-label={t('popup.meaning')}>
      {meanings.map((meaning) => {
        const Icon = meaningIcon[meaning];
        return (
          <Menu.Item
            key={meaning}
            data-chosen={meaning === value || undefined}
            className={classes.swatch}
            data-meaning={meaning}
            aria-label={meaning === value ? t('popup.chosen', { name: names[meaning] }) : names[meaning]}
            title={names[meaning]}
            onClick={() => onChoose(meaning)}
          >
            <Icon size={16} strokeWidth={2} aria-hidden />
          </Menu.Item>
        );
      })}
    </div>
  );
}
