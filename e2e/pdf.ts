/**
 * Makes PDFs for the tests: each page is a list of lines in Helvetica, and
 * `padding` adds that many random bytes in a stream that nothing refers to, for
 * files that take a while to upload.
 */
import { createHash, randomBytes } from 'node:crypto';

export interface PdfOptions {
  title?: string;
  padding?: number;
  /** Bytes of a picture of noise at the foot of every page, as scans weigh. */
  picture?: number;
  /** How many entries a node of the page tree holds at most. Default: all pages in one. */
  fanOut?: number;
  /** Sets the second half of each page's lines beside the first, as papers do. */
  twoColumns?: boolean;
  /** Encrypts the file (40-bit RC4, ISO 32000-1, 7.6.3) so that it asks for this. */
  password?: string;
  /** More entries of every page's dictionary, as "/Rotate 90 /CropBox [20 20 500 700]". */
  page?: string;
}

export function makePdf(
  pages: string[][],
  { title, padding = 0, picture = 0, fanOut = Infinity, twoColumns = false, password, page = '' }: PdfOptions = {},
): Buffer {
  const objects: Buffer[] = [];
  const add = (body: string | Buffer): number => objects.push(Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1'));
  const lock = password === undefined ? undefined : new Lock(password);
  const stream = (plain: Buffer): Buffer => {
    const data = lock?.encrypt(objects.length + 1, plain) ?? plain;
    return Buffer.concat([Buffer.from(`<< /Length ${data.length} >>\nstream\n`), data, Buffer.from('\nendstream')]);
  };
  const noise = (bytes: number): Buffer => {
    const side = Math.floor(Math.sqrt(bytes / 3));
    const body = stream(randomBytes(side * side * 3));
    const entries = `<< /Type /XObject /Subtype /Image /Width ${side} /Height ${side} /BitsPerComponent 8 /ColorSpace /DeviceRGB`;
    return Buffer.concat([Buffer.from(entries), body.subarray('<<'.length)]);
  };
  const text = (s: string): string => s.replace(/[\\()]/g, '\\$&');

  add('<< /Type /Catalog /Pages 2 0 R >>');
  const each = picture > 0 ? 3 : 2; // objects for a page
  const firstNode = 4 + pages.length * each + 1; // after the pages and the information
  const nodes: string[] = [];
  const refs = (entries: { id: number }[]): string => entries.map(({ id }) => `${id} 0 R`).join(' ');
  let level = pages.map((_, i) => ({ id: 4 + i * each, count: 1 }));
  while (level.length > fanOut) {
    const above: typeof level = [];
    for (let i = 0; i < level.length; i += fanOut) {
      const kids = level.slice(i, i + fanOut);
      const count = kids.reduce((sum, kid) => sum + kid.count, 0);
      above.push({ id: firstNode + nodes.length, count });
      // The parent is the root for all: nothing is inherited on the way.
      nodes.push(`<< /Type /Pages /Parent 2 0 R /Count ${count} /Kids [${refs(kids)}] >>`);
    }
    level = above;
  }
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${refs(level)}] >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  pages.forEach((lines, i) => {
    const first = 4 + i * each;
    const pictures = picture > 0 ? ` /XObject << /P ${first + 2} 0 R >>` : '';
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${page} ` +
        `/Resources << /Font << /F1 3 0 R >>${pictures} >> /Contents ${first + 1} 0 R >>`,
    );
    const column = (some: string[], x: number): string =>
      `BT /F1 ${twoColumns ? 10 : 12} Tf 16 TL ${x} 760 Td\n${some.map((l) => `(${text(l)}) Tj T*`).join('\n')}\nET`;
    const half = twoColumns ? Math.ceil(lines.length / 2) : lines.length;
    const shown = [column(lines.slice(0, half), 72), column(lines.slice(half), 310)].join('\n');
    const drawn = picture > 0 ? '\nq 451 0 0 300 72 72 cm /P Do Q' : '';
    add(stream(Buffer.from(shown + drawn, 'latin1')));
    if (picture > 0) add(noise(picture));
  });
  const shownTitle = Buffer.from(title ?? '', 'latin1');
  const info = add(`<< /Title <${(lock?.encrypt(objects.length + 1, shownTitle) ?? shownTitle).toString('hex')}> >>`);
  for (const node of nodes) add(node);
  if (padding > 0) add(stream(randomBytes(padding)));

  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let offset = parts[0]!.length;
  const offsets: number[] = [];
  objects.forEach((body, i) => {
    offsets.push(offset);
    const whole = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(whole);
    offset += whole.length;
  });
  const entries = offsets.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${info} 0 R ${lock?.trailer ?? ''} >>\nstartxref\n${offset}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** A paper of so many pages whose text names it, so that a search finds it alone. */
export function makePaper(name: string, pageCount = 2, padding = 0): Buffer {
  const pages = Array.from({ length: pageCount }, (_, i) => [
    i === 0 ? `On the ${name} of manuscripts` : `${name}, continued`,
    `This is page ${i + 1} of the paper about ${name}.`,
    'Readers mark what they read, and talk about it in the margin.',
    `The ${name} hypothesis holds on page ${i + 1}.`,
  ]);
  return makePdf(pages, { title: `On the ${name} of manuscripts`, padding });
}

/** The standard security handler, revision 2: what old locked files have. */
class Lock {
  readonly trailer: string;
  private readonly key: Buffer;

  constructor(password: string) {
    const filler = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
    const padded = Buffer.concat([Buffer.from(password, 'latin1'), filler]).subarray(0, 32);
    const id = Buffer.alloc(16, 7);
    const permissions = Buffer.alloc(4);
    permissions.writeInt32LE(-4);
    const owner = rc4(md5(padded).subarray(0, 5), padded);
    this.key = md5(padded, owner, permissions, id).subarray(0, 5);
    const user = rc4(this.key, filler);
    const hex = (b: Buffer): string => `<${b.toString('hex')}>`;
    this.trailer = `/ID [${hex(id)} ${hex(id)}] /Encrypt << /Filter /Standard /V 1 /R 2 /O ${hex(owner)} /U ${hex(user)} /P -4 >>`;
  }

  encrypt(object: number, data: Buffer): Buffer {
    const salt = Buffer.alloc(5);
    salt.writeUIntLE(object, 0, 3);
    return rc4(md5(this.key, salt).subarray(0, 10), data);
  }
}

function md5(...parts: Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

// OpenSSL no longer has it.
function rc4(key: Buffer, data: Buffer): Buffer {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i]! + key[i % key.length]!) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) & 255;
      j = (j + s[i]!) & 255;
      [s[i], s[j]] = [s[j]!, s[i]!];
      return byte ^ s[(s[i]! + s[j]!) & 255]!;
    }),
  );
}
