import { ActionIcon, Menu } from '@mantine/core';
import {
  Download,
  EllipsisVertical,
  Minus,
  MoveHorizontal,
  PanelLeft,
  PanelRight,
  Plus,
  RectangleVertical,
  TextSearch,
} from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageLayout, PageTheme, PdfHandle, Zoom } from '../../pdfview/types';
import { PageField } from './PageField';
import type { ThemeChoice } from './settings';
import { ThemeItems, ThemeMenu } from './ThemeMenu';
import classes from './Toolbar.module.css';
import { ToolButton } from './ToolButton';
import { ViewItems, ViewMenu } from './ViewMenu';
import { ZoomItems, ZoomMenu } from './ZoomMenu';

export interface ToolbarProps {
  /** Undefined until the file is open. */
  pdf: PdfHandle | null;
  page: number;
  /** 0 until the file is open. */
  pageCount: number;
  zoom: Zoom | undefined;
  theme: PageTheme;
  themeChoice: ThemeChoice;
  layout: PageLayout;
  /** What the file calls its pages, where that is not their number. */
  pageLabels: readonly string[] | undefined;
  downloadUrl: string;
  leftOpen: boolean;
  rightOpen: boolean;
  /** What other parts put in: the pointer's tools, items of the narrow bar's menu, actions at the right. */
  tools?: ReactNode;
  menu?: ReactNode;
  actions?: ReactNode;
  narrow: boolean;
  onPage: (page: number) => void;
  onTheme: (choice: ThemeChoice) => void;
  onLayout: (layout: PageLayout) => void;
  onPrint: () => void;
  onLeft: () => void;
  onRight: () => void;
  onFind: () => void;
}

export function Toolbar(props: ToolbarProps) {
  return props.narrow ? <NarrowToolbar {...props} /> : <WideToolbar {...props} />;
}

function WideToolbar(props: ToolbarProps) {
  const { pdf, zoom, pageCount } = props;
  const { t } = useTranslation('reader');
  const shut = pageCount === 0;
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('toolbar.label')} onKeyDown={moveByArrow}>
      <ToolButton
        icon={PanelLeft}
        label={t('toolbar.panel')}
        keys="["
        aria-expanded={props.leftOpen}
        onClick={props.onLeft}
      />
      <span className={classes.rule} />
      <PageField
        page={props.page}
        pageCount={pageCount}
        labels={props.pageLabels}
        onGo={props.onPage}
        onDone={() => pdf?.focus()}
      />
      <span className={classes.rule} />
      <ToolButton icon={Minus} label={t('toolbar.zoomOut')} keys="-" disabled={shut} onClick={() => pdf?.zoomOut()} />
      <ZoomMenu
        zoom={zoom}
        onZoom={(scale) => pdf?.zoomTo(scale)}
        onFit={(fit) => pdf?.fit(fit)}
      />
      <ToolButton icon={Plus} label={t('toolbar.zoomIn')} keys="+" disabled={shut} onClick={() => pdf?.zoomIn()} />
      <ToolButton
        icon={MoveHorizontal}
        data-optional
        label={t('toolbar.fitWidth')}
        keys="0"
        disabled={shut}
        aria-pressed={zoom?.fit === 'width'}
        onClick={() => pdf?.fit('width')}
      />
      <ToolButton
        icon={RectangleVertical}
        data-optional
        label={t('toolbar.fitPage')}
        disabled={shut}
        aria-pressed={zoom?.fit === 'page'}
        onClick={() => pdf?.fit('page')}
      />
      {props.tools ? (
        <>
          <span className={classes.rule} />
          {props.tools}
        </>
      ) : null}
      <span className={classes.space} />
      <ToolButton icon={TextSearch} label={t('toolbar.find')} keys="Mod+F" onClick={props.onFind} />
      <ThemeMenu theme={props.theme} choice={props.themeChoice} onChoose={props.onTheme} />
      <ViewMenu
        layout={props.layout}
        disabled={shut}
        onLayout={props.onLayout}
        onRotate={(degrees) => pdf?.rotate(degrees)}
        onPrint={props.onPrint}
      />
      {props.actions ?? <DownloadLink url={props.downloadUrl} />}
      {props.rightOpen ? null : (
        <>
          <span className={classes.rule} />
          <ToolButton icon={PanelRight} label={t('toolbar.side')} keys="]" aria-expanded={false} onClick={props.onRight} />
        </>
      )}
    </div>
  );
}

function NarrowToolbar(props: ToolbarProps) {
  const { pdf, zoom } = props;
  const { t } = useTranslation('reader');
  return (
    <div
      className={classes.bar}
      data-narrow
      role="toolbar"
      aria-label={t('toolbar.label')}
      onKeyDown={moveByArrow}
    >
      <ToolButton icon={PanelLeft} label={t('toolbar.panel')} aria-expanded={props.leftOpen} onClick={props.onLeft} />
      <PageField
        page={props.page}
        pageCount={props.pageCount}
        labels={props.pageLabels}
        onGo={props.onPage}
        onDone={() => pdf?.focus()}
      />
      <span className={classes.space} />
      <ToolButton icon={TextSearch} label={t('toolbar.find')} onClick={props.onFind} />
      <Menu position="bottom-end" width={220} alignItemsLabels="all">
        <Menu.Target>
          <ToolButton icon={EllipsisVertical} label={t('toolbar.more')} />
        </Menu.Target>
        <Menu.Dropdown className={classes.long}>
          {props.menu}
          {props.menu ? <Menu.Divider /> : null}
          <Menu.Item component="a" href={props.downloadUrl} download>
            {t('toolbar.download')}
          </Menu.Item>
          <Menu.Divider />
          <ZoomItems
            short
            zoom={zoom}
            onZoom={(scale) => pdf?.zoomTo(scale)}
            onFit={(fit) => pdf?.fit(fit)}
          />
          <Menu.Divider />
          <ViewItems
            short
            layout={props.layout}
            onLayout={props.onLayout}
            onRotate={(degrees) => pdf?.rotate(degrees)}
            onPrint={props.onPrint}
          />
          <Menu.Divider />
          <div role="group" aria-label={t('toolbar.theme')}>
            <div className={classes.menuHeading} aria-hidden>
              {t('toolbar.theme')}
            </div>
            <ThemeItems choice={props.themeChoice} onChoose={props.onTheme} />
          </div>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function DownloadLink({ url }: { url: string }) {
  const { t } = useTranslation('reader');
  return (
    <ActionIcon
      component="a"
      href={url}
      download
      className={classes.tool}
      aria-label={t('toolbar.download')}
      title={t('toolbar.download')}
    >
      <Download size={16} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  );
}

/** Arrow keys walk along the bar; in a field they move the caret, in a menu the choice. */
function moveByArrow(event: KeyboardEvent<HTMLDivElement>) {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const bar = event.currentTarget;
  const from = event.target as HTMLElement;
  if (step === 0 || event.altKey || from instanceof HTMLInputElement || !bar.contains(from)) return;
  const tools = [...bar.querySelectorAll<HTMLElement>('button:not(:disabled), a, input:not(:disabled)')];
  const at = tools.indexOf(from);
  if (at < 0) return;
  event.preventDefault();
  tools.at((at + step) % tools.length)?.focus();
}
