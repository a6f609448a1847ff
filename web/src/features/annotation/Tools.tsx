import { Menu, Tooltip } from '@mantine/core';
import { ChevronDown, PenLine, SquareDashed, StickyNote, TextCursor, Type, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Tool } from '../../pdfview/types';
import { Keys } from '../../ui/Keys';
import { useDiscussion } from './Discussion';
import classes from './Tools.module.css';

const icons: Readonly<Record<Tool, LucideIcon>> = {
  select: TextCursor,
  area: SquareDashed,
  note: StickyNote,
  text: Type,
  ink: PenLine,
};
const further: readonly Tool[] = ['note', 'text', 'ink'];

/** What the pointer does on the pages. */
export function Tools() {
  const { t } = useTranslation('annotation');
  const { tool, setTool } = useDiscussion();
  const more = further.includes(tool) ? tool : undefined;
  const MoreIcon = more ? icons[more] : undefined;
  return (
    <div className={classes.tools} role="group" aria-label={t('tool.label')}>
      <One tool="select" active={tool === 'select'} onChoose={setTool} />
      <One tool="area" keys="a" active={tool === 'area'} onChoose={setTool} />
      <Menu position="bottom-start">
        <Menu.Target>
          <button
            type="button"
            className={classes.tool}
            data-active={more ? true : undefined}
            aria-label={more ? t(`tool.${more}`) : t('tool.more')}
            title={t('tool.more')}
          >
            {MoreIcon ? <MoreIcon size={16} strokeWidth={1.75} aria-hidden /> : null}
            <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <ToolItems choices={further} />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** The tools as items of a menu. */
export function ToolItems({ choices = ['select', 'area', ...further] }: { choices?: readonly Tool[] }) {
  const { t } = useTranslation('annotation');
  const { tool, setTool } = useDiscussion();
  return (
    <Menu.RadioGroup value={tool} onChange={(value) => setTool(value as Tool)}>
      {choices.map((choice) => {
        const Icon = icons[choice];
        return (
          <Menu.RadioItem
            key={choice}
            value={choice}
            closeMenuOnClick
            rightSection={<Icon size={16} strokeWidth={1.75} aria-hidden />}
          >
            {t(`tool.${choice}`)}
          </Menu.RadioItem>
        );
      })}
    </Menu.RadioGroup>
  );
}

function One({ tool, keys, active, onChoose }: { tool: Tool; keys?: string; active: boolean; onChoose: (tool: Tool) => void }) {
  const { t } = useTranslation('annotation');
  const Icon = icons[tool];
  return (
    <Tooltip
      label={
        <span className={classes.tip}>
          {t(`tool.${tool}`)}
          {keys ? <Keys keys={keys} onBar /> : null}
        </span>
      }
    >
      <button
        type="button"
        className={classes.tool}
        // Where there is no room for the word.
        aria-label={t(`tool.${tool}`)}
        aria-pressed={active}
        data-active={active || undefined}
        onClick={() => onChoose(tool)}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className={classes.name}>{t(`tool.${tool}`)}</span>
      </button>
    </Tooltip>
  );
}
