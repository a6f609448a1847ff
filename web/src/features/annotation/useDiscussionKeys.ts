import { useTranslation } from 'react-i18next';
import { useKeys, type Binding } from '../../lib/keys';
import { useDiscussion } from './Discussion';
import { lastMeaning, meanings } from './meanings';

/** The keys of discussing. `open` shows the panel with the cards. */
export function useDiscussionKeys(open: () => void): void {
  const { t } = useTranslation('annotation');
  const discussion = useDiscussion();
  const { selection, marks, notes, placed, homeless, focused, focus, act, me, names, tool, setTool, mayJoin } = discussion;
  const group = t('keys.group');
  const mark = marks.find(({ id }) => id === focused);
  const own = mark !== undefined && mark.author.id === me.id;
  const selected = selection !== null && selection.parts.length > 0;

  const walk = (step: 1 | -1) => {
    const all = [...notes, ...placed, ...homeless];
    if (all.length === 0) return;
    const at = all.findIndex(({ id }) => id === focused);
    const next = at < 0 ? (step === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    open();
    focus(all[next]?.id, { show: true, to: 'card' });
  };
  const comment = () => {
    if (selected) {
      open();
      discussion.markSelection('highlight', lastMeaning(), true);
    } else if (mark && own) {
      open();
      discussion.edit(mark.id);
    }
  };
  const reply = () => {
    if (!mark) return;
    open();
    // The field is there once the panel is.
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-card="${CSS.escape(mark.id)}"] textarea`)?.focus(),
    );
  };

  const bindings: Binding[] = [
    { keys: 'h', label: t('keys.highlight'), group, run: () => selected && discussion.markSelection('highlight', lastMeaning()) },
    { keys: 'Shift+H', label: t('keys.underline'), group, run: () => selected && discussion.markSelection('underline', lastMeaning()) },
    ...meanings.map(
      (meaning, i): Binding => ({
        keys: String(i + 1),
        label: t('keys.meaning', { name: names[meaning] }),
        group,
        run: () => {
          if (selected) discussion.markSelection('highlight', meaning);
          else if (mark && own && mark.meaning !== meaning) act.change(mark, { meaning });
        },
      }),
    ),
    { keys: 'c', label: t('keys.comment'), group, run: comment },
    {
      keys: 'n',
      label: t('keys.note'),
      group,
      run: () => {
        open();
        discussion.writeNote();
      },
    },
    { keys: 'a', label: t('keys.area'), group, run: () => setTool(tool === 'area' ? 'select' : 'area') },
    { keys: 'j', label: t('keys.next'), group, run: () => walk(1) },
    { keys: 'k', label: t('keys.previous'), group, run: () => walk(-1) },
    { keys: 'r', label: t('keys.reply'), group, run: reply },
  ];
  if (mayJoin) {
    bindings.push({
      keys: 'Shift+R',
      label: t('keys.resolve'),
      group,
      run: () => mark && act.resolve(mark, mark.resolved_at === null),
    });
  }
  bindings.push(
    { keys: 'Delete', label: t('keys.delete'), group, run: () => mark && own && act.remove(mark) },
    { keys: 'Mod+Z', label: t('keys.undo'), group, everywhere: false, run: () => void act.undo() },
  );
  useKeys(bindings);

  // One layer after the other: the tool, what is selected, what is looked at.
  const layer =
    tool !== 'select'
      ? () => setTool('select')
      : selection
        ? discussion.clearSelection
        : focused
          ? () => focus(undefined, { to: 'page' })
          : undefined;
  useKeys([{ keys: 'Esc', run: () => layer?.() }], layer !== undefined);
}
