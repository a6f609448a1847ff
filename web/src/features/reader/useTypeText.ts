import { useTranslation } from 'react-i18next';
import { types } from './facts';

/** Names a type of works; one that is not known is shown as it is. */
export function useTypeText() {
  const { t } = useTranslation('reader');
  return (value: unknown): string => {
    const type = types.find((one) => one === value);
    if (type) return t(`info.type.${type}`);
    return typeof value === 'string' ? value : '';
  };
}
