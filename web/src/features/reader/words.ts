/** The reader's words, known to i18next as the namespace `reader`. */
import i18next from 'i18next';
import en from './en.json';

i18next.addResourceBundle('en', 'reader', en);
