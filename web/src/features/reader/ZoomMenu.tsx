import { Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Fit, Zoom } from '../../pdfview/types';
import classes from './Toolbar.module.css';

const percents = [50, 75, 100, 125, 150, 200, 300];

interface Props {
  zoom: Zoom | undefined;
  onZoom: (scale: number) => void;
  onFit: (fit: Fit) => void;
}

export const percentOf = (zoom: Zoom | undefined) => Math.round((zoom?.scale ?? 1) * 100);

/** "128%", and what else it can be. */
export function ZoomMenu({ zoom, onZoom, onFit }: Props) {
  const { t } = useTranslation('reader');
  const percent = percentOf(zoom);
  return (
    <Menu position="bottom" alignItemsLabels="all">
      <Menu.Target>
        <button
          type="button"
          className={classes.zoom}
          disabled={!zoom}
          aria-label={t('toolbar.zoom', { percent })}
        >
          <span>{t('toolbar.percent', { percent })}</span>
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <ZoomItems zoom={zoom} onZoom={onZoom} onFit={onFit} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The entries alone, for the phone's menu too. */
export function ZoomItems({ zoom, onZoom, onFit, short = false }: Props & { short?: boolean }) {
  const { t } = useTranslation('reader');
  const fits: [Fit, string][] = [
    ['width', t('toolbar.fitWidth')],
    ['page', t('toolbar.fitPage')],
    ['text', t('toolbar.fitText')],
  ];
  return (
    <>
      <Menu.RadioGroup
        value={zoom?.fit ?? String(percentOf(zoom))}
        onChange={(value) => {
          const fit = fits.find(([name]) => name === value)?.[0];
          if (fit) onFit(fit);
          else onZoom(Number(value) / 100);
        }}
      >
        {fits.map(([name, label]) => (
          <Menu.RadioItem key={name} value={name}>
            {label}
          </Menu.RadioItem>
        ))}
        {short ? null : <Menu.Divider />}
        {short
          ? null
          : percents.map((value) => (
              <Menu.RadioItem key={value} value={String(value)}>
                {t('toolbar.percent', { percent: value })}
              </Menu.RadioItem>
            ))}
      </Menu.RadioGroup>
    </>
  );
}
