import { Modal, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyRegistry, setSingleKeys, singleKeysOn, type Binding } from '../../lib/keys';
import { Keys } from '../../ui/Keys';
import classes from './KeysDialog.module.css';

/** Every key that does something on this page. */
export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} size={560} closeButtonProps={{ 'aria-label': t('close') }}>
      {opened ? <KeyList /> : null}
    </Modal>
  );
}

function KeyList() {
  const { t } = useTranslation('app');
  // Read once: what is bound does not change under an open dialog.
  const [groups] = useState(() => byGroup(keyRegistry.list()));
  const [single, setSingle] = useState(singleKeysOn);
  return (
    <>
      <div className={classes.groups}>
        {groups.map(([group, bindings]) => (
          <section key={group}>
            <h3 className={classes.group}>{group}</h3>
            <dl className={classes.list}>
              {bindings.map((binding) => (
                <div key={binding.keys} className={classes.binding}>
                  <dt>{binding.label}</dt>
                  <dd className={classes.keys}>
                    <Keys keys={binding.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt="lg"
        label={t('keys.single')}
        description={t('keys.singleText')}
        checked={single}
        onChange={(event) => {
          setSingle(event.currentTarget.checked);
          setSingleKeys(event.currentTarget.checked);
        }}
      />
    </>
  );
}

function byGroup(bindings: Binding[]): [string, Binding[]][] {
  const groups = new Map<string, Binding[]>();
  for (const binding of bindings) {
    const group = binding.group ?? '';
    groups.set(group, [...(groups.get(group) ?? []), binding]);
  }
  return [...groups];
}
