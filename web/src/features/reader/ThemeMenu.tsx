import { Menu } from '@mantine/core';
import { Coffee, Moon, Sun, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PageTheme } from '../../pdfview/types';
import type { ThemeChoice } from './settings';
import { ToolButton } from './ToolButton';

const icons: Record<PageTheme, LucideIcon> = { light: Sun, dark: Moon, sepia: Coffee };
const choices: readonly ThemeChoice[] = ['auto', 'light', 'dark', 'sepia'];

interface Props {
  /** What the pages look like now. */
  theme: PageTheme;
  choice: ThemeChoice;
  onChoose: (choice: ThemeChoice) => void;
}

export function ThemeMenu({ theme, choice, onChoose }: Props) {
  const { t } = useTranslation('reader');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ToolButton icon={icons[theme]} label={t('toolbar.theme')} />
      </Menu.Target>
      <Menu.Dropdown>
        <ThemeItems choice={choice} onChoose={onChoose} />
      </Menu.Dropdown>
    </Menu>
  );
}

export function ThemeItems({ choice, onChoose }: Omit<Props, 'theme'>) {
  const { t } = useTranslation('reader');
  return (
    <Menu.RadioGroup value={choice} onChange={(value) => onChoose(value as ThemeChoice)}>
      {choices.map((name) => (
        <Menu.RadioItem key={name} value={name}>
          {t(`theme.${name}`)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
