/** Collections and tags in the navigation: each a list of the library's documents. */
import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, ChevronRight, Ellipsis, Folder, FolderInput, FolderOpen, FolderPlus, Pencil, Plus, Trash2 } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection, Tag } from '../../lib/api';
import { formatNumber } from '../../lib/format';
import { NavSection } from '../../ui/NavSection';
import rows from '../../ui/NavSection.module.css';
import { toastError } from '../../ui/toast';
import { collectionsQuery, tagsQuery } from './api';
import cells from './Cells.module.css';
import { CollectionDialog, MoveDialog, TagDialog } from './Dialogs';
import classes from './OrganiseNav.module.css';
import { above, treeOf, type Branch } from './tree';
import { useDrop } from './useDrop';
import { useOrganise } from './useOrganise';

interface Props {
  libraryId: string;
  mayEdit: boolean;
  /** The ones that the list on screen is filtered by. */
  tags: string[];
  collection: string | undefined;
  /** Further items of a collection's menu, which is there for these alone too. */
  more: (collection: Collection) => ReactNode;
}

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function OrganiseNav(props: Props) {
  return (
    <>
      <Collections {...props} />
      <Tags {...props} />
    </>
  );
}

type CollectionLayer =
  | { what: 'make'; parent?: Collection }
  | { what: 'rename' | 'move'; collection: Collection };

/** What moves a branch about among its siblings. */
interface Turns {
  up: (() => void) | undefined;
  down: (() => void) | undefined;
}

function Collections({ libraryId, mayEdit, collection: current, more }: Props) {
  const { t } = useTranslation('organise');
  const { data: list } = useQuery(collectionsQuery(libraryId));
  const organise = useOrganise(libraryId);
  const [layer, setLayer] = useState<CollectionLayer>();
  const key = `scrollkeeper.collections.${libraryId}`;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set((localStorage.getItem(key) ?? '').split(',')));
  const close = () => setLayer(undefined);

  const set = (id: string, opened: boolean) =>
    setOpen((before) => {
      const after = new Set(before);
      if (opened) after.add(id);
      else after.delete(id);
      localStorage.setItem(key, [...after].join(','));
      return after;
    });
  // The one on screen is never hidden in another.
  const path = current && list ? above(list, current).join(',') : '';
  useEffect(() => {
    if (path) setOpen((before) => new Set([...before, ...path.split(',')]));
  }, [path]);

  if (!list || (list.length === 0 && !mayEdit)) return null;
  const turns = (siblings: readonly Branch[], at: number): Turns => {
    const branch = siblings[at];
    const to = (before: string | undefined) =>
      branch && void organise.moveCollection(branch, siblings[at + 1]?.id, branch.parent_id, before).catch(toastError);
    const previous = siblings[at - 1];
    return {
      up: previous ? () => to(previous.id) : undefined,
      down: at + 1 < siblings.length ? () => to(siblings[at + 2]?.id) : undefined,
    };
  };
  const level = (branches: readonly Branch[]): ReactNode => (
    <ul className={rows.list}>
      {branches.map((branch, at) => (
        <li key={branch.id}>
          <CollectionItem
            libraryId={libraryId}
            branch={branch}
            current={branch.id === current}
            open={open.has(branch.id)}
            onOpen={(opened) => set(branch.id, opened)}
            onDrop={mayEdit ? (ids) => void organise.put('collection', branch, { add: ids }) : undefined}
            menu={
              mayEdit ? (
                <CollectionMenu
                  branch={branch}
                  turns={turns(branches, at)}
                  onLayer={setLayer}
                  onDelete={() => void organise.remove('collection', branch)}
                  more={more(branch)}
                />
              ) : (
                <Actions label={t('collection.menu', { name: branch.name })}>{more(branch)}</Actions>
              )
            }
          />
          {branch.children.length > 0 && open.has(branch.id) ? level(branch.children) : null}
        </li>
      ))}
    </ul>
  );
  const siblingsOf = (collection: Collection) => list.filter(({ parent_id }) => parent_id === collection.parent_id);
  return (
    <Section title={t('collection.title')} make={mayEdit ? { label: t('collection.make'), run: () => setLayer({ what: 'make' }) } : undefined}>
      {list.length > 0 ? level(treeOf(list)) : <p className={rows.none}>{t('collection.none')}</p>}
      {layer?.what === 'make' ? (
        <CollectionDialog
          title={layer.parent ? t('collection.makeIn', { name: layer.parent.name }) : t('collection.make')}
          submit={t('create')}
          onSubmit={async (name) => {
            await organise.makeCollection(name, layer.parent?.id);
            if (layer.parent) set(layer.parent.id, true);
          }}
          onClose={close}
        />
      ) : null}
      {layer?.what === 'rename' ? (
        <CollectionDialog
          title={t('collection.edit')}
          submit={t('save')}
          name={layer.collection.name}
          onSubmit={(name) => organise.renameCollection(layer.collection, name)}
          onClose={close}
        />
      ) : null}
      {layer?.what === 'move' ? (
        <MoveDialog
          list={list}
          collection={layer.collection}
          onSubmit={(parentId) => {
            const siblings = siblingsOf(layer.collection);
            const after = siblings[siblings.findIndex(({ id }) => id === layer.collection.id) + 1]?.id;
            return organise.moveCollection(layer.collection, after, parentId);
          }}
          onClose={close}
        />
      ) : null}
    </Section>
  );
}

interface CollectionItemProps {
  libraryId: string;
  branch: Branch;
  current: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
  onDrop: ((ids: string[]) => void) | undefined;
  menu: ReactNode;
}

function CollectionItem({ libraryId, branch, current, open, onOpen, onDrop, menu }: CollectionItemProps) {
  const { t } = useTranslation('organise');
  const drop = useDrop(onDrop);
  const inside = branch.children.length > 0;
  return (
    <div className={rows.item} data-current={current || undefined} style={{ paddingLeft: 4 + branch.level * 16 }} {...drop}>
      {inside ? (
        <button
          type="button"
          className={classes.turn}
          aria-expanded={open}
          aria-label={t(open ? 'collection.close' : 'collection.open', { name: branch.name })}
          onClick={() => onOpen(!open)}
        >
          <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
        </button>
      ) : (
        <span className={classes.turn} />
      )}
      <Link
        className={rows.link}
        to="/l/$libraryId"
        params={{ libraryId }}
        search={{ collection: branch.id }}
        activeProps={{}}
        aria-current={current ? 'page' : undefined}
        title={branch.path}
        draggable={false}
        onKeyDown={(event) => {
          if (!inside || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return;
          event.preventDefault();
          onOpen(event.key === 'ArrowRight');
        }}
      >
        {inside && open ? <FolderOpen {...icon} /> : <Folder {...icon} />}
        <span className={rows.name}>{branch.name}</span>
        <Count n={branch.documents} />
      </Link>
      {menu}
    </div>
  );
}

interface CollectionMenuProps {
  branch: Branch;
  turns: Turns;
  onLayer: (layer: CollectionLayer) => void;
  onDelete: () => void;
  more: ReactNode;
}

function CollectionMenu({ branch, turns, onLayer, onDelete, more }: CollectionMenuProps) {
  const { t } = useTranslation('organise');
  return (
    <Actions label={t('collection.menu', { name: branch.name })}>
      <Menu.Item leftSection={<FolderPlus {...icon} />} onClick={() => onLayer({ what: 'make', parent: branch })}>
        {t('collection.inside')}
      </Menu.Item>
      <Menu.Item leftSection={<Pencil {...icon} />} onClick={() => onLayer({ what: 'rename', collection: branch })}>
        {t('collection.rename')}
      </Menu.Item>
      <Menu.Item leftSection={<FolderInput {...icon} />} onClick={() => onLayer({ what: 'move', collection: branch })}>
        {t('collection.move')}
      </Menu.Item>
      {turns.up ? (
        <Menu.Item leftSection={<ArrowUp {...icon} />} onClick={turns.up}>
          {t('collection.up')}
        </Menu.Item>
      ) : null}
      {turns.down ? (
        <Menu.Item leftSection={<ArrowDown {...icon} />} onClick={turns.down}>
          {t('collection.down')}
        </Menu.Item>
      ) : null}
      {more}
      <Menu.Item leftSection={<Trash2 {...icon} />} onClick={onDelete}>
        {t('collection.delete')}
      </Menu.Item>
    </Actions>
  );
}

function Tags({ libraryId, mayEdit, tags: current }: Props) {
  const { t } = useTranslation('organise');
  const { data: list } = useQuery(tagsQuery(libraryId));
  const organise = useOrganise(libraryId);
  const [editing, setEditing] = useState<Tag | 'new'>();
  if (!list || (list.length === 0 && !mayEdit)) return null;
  return (
    <Section title={t('tag.title')} make={mayEdit ? { label: t('tag.make'), run: () => setEditing('new') } : undefined}>
      {list.length > 0 ? (
        <ul className={rows.list}>
          {list.map((tag) => (
            <li key={tag.id}>
              <TagItem
                libraryId={libraryId}
                tag={tag}
                current={current.includes(tag.id)}
                onDrop={mayEdit ? (ids) => void organise.put('tag', tag, { add: ids }) : undefined}
                menu={
                  mayEdit ? (
                    <Actions label={t('tag.menu', { name: tag.name })}>
                      <Menu.Item leftSection={<Pencil {...icon} />} onClick={() => setEditing(tag)}>
                        {t('tag.change')}
                      </Menu.Item>
                      <Menu.Item leftSection={<Trash2 {...icon} />} onClick={() => void organise.remove('tag', tag)}>
                        {t('tag.delete')}
                      </Menu.Item>
                    </Actions>
                  ) : null
                }
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className={rows.none}>{t('tag.none')}</p>
      )}
      {editing === 'new' ? (
        <TagDialog
          title={t('tag.make')}
          submit={t('create')}
          onSubmit={async ({ name, color }) => void (await organise.makeTag(name, color))}
          onClose={() => setEditing(undefined)}
        />
      ) : editing ? (
        <TagDialog
          title={t('tag.edit')}
          submit={t('save')}
          tag={editing}
          onSubmit={(change) => organise.changeTag(editing, change)}
          onClose={() => setEditing(undefined)}
        />
      ) : null}
    </Section>
  );
}

interface TagItemProps {
  libraryId: string;
  tag: Tag;
  current: boolean;
  onDrop: ((ids: string[]) => void) | undefined;
  menu: ReactNode;
}

function TagItem({ libraryId, tag, current, onDrop, menu }: TagItemProps) {
  const drop = useDrop(onDrop);
  return (
    <div className={rows.item} data-current={current || undefined} {...drop}>
      <Link
        className={rows.link}
        to="/l/$libraryId"
        params={{ libraryId }}
        search={{ tag: tag.id }}
        activeProps={{}}
        aria-current={current ? 'page' : undefined}
        draggable={false}
      >
        <span className={`${cells.sign} ${classes.sign}`} data-color={tag.color} aria-hidden>
          #
        </span>
        <span className={rows.name}>{tag.name}</span>
        <Count n={tag.documents} />
      </Link>
      {menu}
    </div>
  );
}

interface SectionProps {
  title: string;
  make: { label: string; run: () => void } | undefined;
  children: ReactNode;
}

function Section({ title, make, children }: SectionProps) {
  return (
    <NavSection
      title={title}
      tool={
        make ? (
          <button type="button" className={rows.small} aria-label={make.label} title={make.label} onClick={make.run}>
            <Plus {...icon} />
          </button>
        ) : null
      }
    >
      {children}
    </NavSection>
  );
}

function Count({ n }: { n: number }) {
  const { t } = useTranslation('organise');
  return (
    <span className={`${rows.count} tabular`}>
      <span aria-hidden>{formatNumber(n)}</span>
      <span className="sr-only"> {t('count', { count: n, n: formatNumber(n) })}</span>
    </span>
  );
}

function Actions({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <button type="button" className={`${rows.small} ${rows.more}`} aria-label={label}>
          <Ellipsis {...icon} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
