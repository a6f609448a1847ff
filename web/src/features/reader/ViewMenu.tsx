import { Menu } from '@mantine/core';
import { BookOpen, Printer, RotateCcw, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PageLayout } from '../../pdfview/types';
import classes from './Toolbar.module.css';
import { ToolButton } from './ToolButton';

const scrolls: readonly PageLayout['scroll'][] = ['continuous', 'single'];
const spreads: readonly PageLayout['spread'][] = ['none', 'odd', 'even'];

interface Props {
  layout: PageLayout;
  onLayout: (layout: PageLayout) => void;
  onRotate: (degrees: 90 | -90) => void;
  onPrint: () => void;
}

/** How the pages lie, and the way to paper. */
export function ViewMenu({ disabled, ...props }: Props & { disabled: boolean }) {
  const { t } = useTranslation('reader');
  return (
    <Menu position="bottom-end" width={232} alignItemsLabels="all">
      <Menu.Target>
        <ToolButton icon={BookOpen} label={t('toolbar.view')} disabled={disabled} />
      </Menu.Target>
      <Menu.Dropdown>
        <ViewItems {...props} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The entries alone, for the phone's menu too; `short` leaves out what needs a wide window. */
export function ViewItems({ layout, onLayout, onRotate, onPrint, short = false }: Props & { short?: boolean }) {
  const { t } = useTranslation('reader');
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;
  return (
    <>
      <div role="group" aria-label={t('view.scroll')}>
        <div className={classes.menuHeading} aria-hidden>
          {t('view.scroll')}
        </div>
        <Menu.RadioGroup
          value={layout.scroll}
          onChange={(scroll) => onLayout({ ...layout, scroll: scroll as PageLayout['scroll'] })}
        >
          {scrolls.map((scroll) => (
            <Menu.RadioItem key={scroll} value={scroll}>
              {t(`view.${scroll}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </div>
      {short ? null : <Menu.Divider />}
      {short ? null : (
        <div role="group" aria-label={t('view.spread')}>
          <div className={classes.menuHeading} aria-hidden>
            {t('view.spread')}
          </div>
          <Menu.RadioGroup
            value={layout.spread}
            onChange={(spread) => onLayout({ ...layout, spread: spread as PageLayout['spread'] })}
          >
            {spreads.map((spread) => (
              <Menu.RadioItem key={spread} value={spread}>
                {t(`view.${spread}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </div>
      )}
      <Menu.Divider />
      <Menu.Item closeMenuOnClick={false} rightSection={<RotateCw {...icon} />} onClick={() => onRotate(90)}>
        {t('toolbar.rotate')}
      </Menu.Item>
      <Menu.Item closeMenuOnClick={false} rightSection={<RotateCcw {...icon} />} onClick={() => onRotate(-90)}>
        {t('toolbar.rotateBack')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item rightSection={<Printer {...icon} />} onClick={onPrint}>
        {t('toolbar.print')}
      </Menu.Item>
    </>
  );
}
