import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FindOptions, FindState, OutlineEntry, PageTheme, PdfHandle } from '../../pdfview/types';
import { FindPanel } from './FindPanel';
import classes from './LeftPanel.module.css';
import { OutlinePanel } from './OutlinePanel';
import { PagesPanel, type PagesPanelProps } from './PagesPanel';
import type { Tab } from './settings';

export interface LeftPanelProps {
  pdf: PdfHandle | null;
  tab: Tab;
  page: number;
  pageCount: number;
  theme: PageTheme;
  /** Undefined while it is being read. */
  outline: readonly OutlineEntry[] | undefined;
  outlineFound: boolean;
  outlineMayCome: boolean;
  findState: FindState;
  query: string;
  findOptions: FindOptions;
  /** Counts up when the find field is to take the focus. */
  findFocus: number;
  onThumbnail?: PagesPanelProps['onThumbnail'];
  onTab: (tab: Tab) => void;
  onPage: (page: number) => void;
  onOutline: (entry: OutlineEntry) => void;
  onFind: (query: string, options: FindOptions) => void;
  onMatch: (page: number, index: number) => void;
  onStep: (direction: 'next' | 'previous') => void;
  onCloseFind: () => void;
}

/** Outline, pages and find, one at a time. */
export function LeftPanel(props: LeftPanelProps) {
  const { t } = useTranslation('reader');
  const { tab, pdf, pageCount, page } = props;
  return (
    <Tabs
      value={tab}
      onChange={(value) => {
        if (value === 'outline' || value === 'pages' || value === 'find') props.onTab(value);
      }}
      keepMounted={false}
      variant="none"
      classNames={{ root: classes.root ?? '', list: classes.tabs ?? '', tab: classes.tab ?? '', panel: classes.panel ?? '' }}
    >
      <Tabs.List grow aria-label={t('panel.label')}>
        <Tabs.Tab value="outline">{t('panel.outline')}</Tabs.Tab>
        <Tabs.Tab value="pages">{t('panel.pages')}</Tabs.Tab>
        <Tabs.Tab value="find">{t('panel.find')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="outline" tabIndex={-1}>
        <OutlinePanel
          entries={props.outline}
          found={props.outlineFound}
          mayCome={props.outlineMayCome}
          page={page}
          onChoose={props.onOutline}
        />
      </Tabs.Panel>
      <Tabs.Panel value="pages" tabIndex={-1}>
        <PagesPanel
          pdf={pdf}
          page={page}
          pageCount={pageCount}
          theme={props.theme}
          onChoose={props.onPage}
          onThumbnail={props.onThumbnail}
        />
      </Tabs.Panel>
      <Tabs.Panel value="find" tabIndex={-1}>
        <FindPanel
          pdf={pdf}
          state={props.findState}
          query={props.query}
          options={props.findOptions}
          focus={props.findFocus}
          onFind={props.onFind}
          onMatch={props.onMatch}
          onStep={props.onStep}
          onClose={props.onCloseFind}
        />
      </Tabs.Panel>
    </Tabs>
  );
}
