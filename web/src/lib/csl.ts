/** The elements that CSL-JSON allows in its texts, as titles have them for italics or small capitals. */
const element = /<\/?(?:i|b|em|strong|sup|sub|sc)>|<span (?:class="no(?:case|decor)"|style="font-variant: ?small-caps;")>|<\/span>/g;

/** A CSL-JSON text without them. */
export const plainCsl = (text: string): string => text.replace(element, '');
