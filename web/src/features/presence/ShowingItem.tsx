import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { setShowing, useShowing } from './showing';

/** An item of a menu: whether others are told where I read. */
export function ShowingItem() {
  const { t } = useTranslation('presence');
  return (
    <Menu.CheckboxItem checked={useShowing()} onChange={setShowing} closeMenuOnClick={false}>
      {t('show')}
    </Menu.CheckboxItem>
  );
}
