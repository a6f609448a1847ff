import classes from './DocumentTable.module.css';

/** Rows of the final size, before the first answer. */
export function SkeletonRows({ density, label }: { density: 'normal' | 'compact'; label: string }) {
  return (
    <div className={classes.table} role="status" aria-label={label} data-density={density}>
      <div className={classes.head}>
        <div className={classes.columns} />
      </div>
      {Array.from({ length: 14 }, (_, i) => (
        <div key={i} className={`${classes.columns} ${classes.ghost}`} style={{ height: density === 'compact' ? 36 : 52 }}>
          <span />
          <span className={classes.bone} style={{ width: `${45 + ((i * 17) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}
