import { readdirSync, statSync, type Stats } from 'node:fs';
import { join, parse } from 'node:path';

/** Texture images of a folder by class, and what else is there. */
export interface TextureFiles {
  /** Paths below the folder, all sorted; none of a class whose folder has no images. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /**
   * Names below the folder that are left out: litter, links that lead nowhere, folders that must
   * not be read, other files.
   */
  readonly leftOut: readonly string[];
}

/**
 * Finds CLASS/*.png|jpg and CLASS.png|jpg, in any case. What begins with a dot is litter of systems
 * and editors.
 * @param dir a folder
 * @throws if it cannot be read
 */
export function listTextures(dir: string): TextureFiles {
  const classes = new Map<string, readonly string[]>();
  const single = new Map<string, string[]>();
  const leftOut: string[] = [];
  for (const name of readdirSync(dir).sort()) {
    const about = aboutOf(dir, name);
    const files = about?.isDirectory() ? namesIn(join(dir, name)) : undefined;
    if (files) {
      const images = files.filter((file) => isImage(join(dir, name), file));
      const others = files.filter((file) => !images.includes(file));
      leftOut.push(...others.map((file) => join(name, file)));
      classes.set(
        name,
        images.map((file) => join(name, file)),
      );
    } else if (about && isImage(dir, name)) {
      const own = parse(name).name;
      single.set(own, [...(single.get(own) ?? []), name]);
    } else leftOut.push(name);
  }
  for (const [name, files] of single) {
    if (classes.has(name))
      leftOut.push(...files); // the folder of that name is the class
    else classes.set(name, files);
  }
  const sorted = [...classes].sort(([a], [b]) => (a < b ? -1 : 1));
  return { classes: new Map(sorted), leftOut };
}

/** Sorted; undefined for a folder that must not be read. */
function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch {
    return undefined;
  }
}

/** undefined for litter and for what is not there. */
function aboutOf(folder: string, name: string): Stats | undefined {
  if (name.startsWith('.') || name === '__MACOSX') return undefined;
  try {
    return statSync(join(folder, name));
  } catch {
    return undefined; // a link that leads nowhere
  }
}

const isImage = (folder: string, name: string) =>
  /\.(png|jpe?g)$/i.test(name) && (aboutOf(folder, name)?.isFile() ?? false);

/** A line with the number and a few names; undefined without any. */
export function leftOutLine(leftOut: readonly string[]): string | undefined {
  if (leftOut.length === 0) return undefined;
  const some = leftOut.slice(0, 5).join(', ');
  const more = leftOut.length > 5 ? ', ...' : '';
  return `${leftOut.length} left out of the textures: ${some}${more}`;
}
