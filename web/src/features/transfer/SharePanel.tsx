import { Checkbox, Loader, SegmentedControl } from '@mantine/core';
import { Braces, Download, Globe, FileCode, FilePen, FileInput, FileText, Link, Sheet, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formats, groups, type Format, type Group } from './api';
import classes from './Share.module.css';
import { useTransfer } from './TransferProvider';

const icons: Record<Format, LucideIcon> = { pdf: FilePen, md: FileText, html: FileCode, csv: Sheet, jsonld: Braces };

/** All ways to pass a document and its marks on. */
export function SharePanel({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('transfer');
  const { group, setGroup, withPrivate, setWithPrivate, work, slow, take, cancel, copyLink, shareByLink, downloadUrl, pickImport } = useTransfer();
  return (
    <div className={classes.panel}>
      <div className={classes.part}>
        <Row
          icon={Link}
          name={t('link')}
          hint={t('linkHint')}
          autoFocus
          onClick={() => {
            copyLink();
            onDone();
          }}
        />
        {shareByLink ? (
          <Row
            icon={Globe}
            name={t('byLink')}
            hint={t('byLinkHint')}
            onClick={() => {
              onDone();
              shareByLink();
            }}
          />
        ) : null}
        <a className={classes.row} href={downloadUrl} download onClick={onDone}>
          <RowText icon={Download} name={t('original')} hint={t('originalHint')} />
        </a>
      </div>
      <section className={classes.part} aria-label={t('take')}>
        <h3 className={classes.heading}>{t('take')}</h3>
        {formats.map((format) => (
          <Row
            key={format}
            icon={icons[format]}
            name={t(`format.${format}`)}
            hint={slow === format ? t('making') : t(`hint.${format}`)}
            ending={slow === format ? undefined : t(`ending.${format}`)}
            busy={slow === format}
            disabled={work !== undefined}
            onClick={() => take(format)}
          >
            {slow === format ? (
              <button type="button" className={classes.cancel} onClick={cancel}>
                {t('cancel')}
              </button>
            ) : null}
          </Row>
        ))}
        <div className={classes.choice} role="group" aria-labelledby="transfer-group">
          <span id="transfer-group" className={classes.label}>
            {t('group.label')}
          </span>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="transfer-group"
            value={group}
            onChange={(value) => setGroup(value as Group)}
            data={groups.map((value) => ({ value, label: t(`group.${value}`) }))}
          />
        </div>
        <Checkbox
          size="xs"
          className={classes.private ?? ''}
          label={t('private')}
          checked={withPrivate}
          onChange={(event) => setWithPrivate(event.currentTarget.checked)}
        />
      </section>
      <div className={classes.part}>
        <Row
          icon={FileInput}
          name={t('import')}
          hint={slow === 'import' ? t('importing') : pickImport ? t('importHint') : t('importForbidden')}
          busy={slow === 'import'}
          disabled={!pickImport || work !== undefined}
          onClick={() => pickImport?.()}
        />
      </div>
    </div>
  );
}

interface RowProps {
  icon: LucideIcon;
  name: string;
  hint: string;
  ending?: string | undefined;
  busy?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
  onClick: () => void;
  /** Beside the row, since a button holds no button. */
  children?: ReactNode;
}

function Row({ disabled = false, autoFocus, onClick, children, ...text }: RowProps) {
  return (
    <div className={classes.line}>
      <button
        type="button"
        className={classes.row}
        // The focus stays on it while it works.
        aria-disabled={disabled || undefined}
        aria-busy={text.busy || undefined}
        data-autofocus={autoFocus || undefined}
        onClick={() => {
          if (!disabled) onClick();
        }}
      >
        <RowText {...text} />
      </button>
      {children}
    </div>
  );
}

function RowText({ icon: Icon, name, hint, ending, busy }: Pick<RowProps, 'icon' | 'name' | 'hint' | 'ending' | 'busy'>) {
  return (
    <>
      <span className={classes.icon}>{busy ? <Loader size={16} /> : <Icon size={16} strokeWidth={1.75} aria-hidden />}</span>
      <span className={classes.text}>
        <span className={classes.name}>{name}</span>
        <span className={classes.hint}>{hint}</span>
      </span>
      {ending ? <span className={classes.ending}>{ending}</span> : null}
    </>
  );
}
