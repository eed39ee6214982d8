"use strict";
// Where an axis has ticks, and their labels: the rules of AxisTicks.cs, AxisScale.cs and NumberKind.cs.
const lotteryTicks = (() => {
  const least = 3;
  const scaled = (value, power) => power < 0 ? value / 10 ** -power : value * 10 ** power;
  const isFraction = axis => axis.format === "percent" || axis.format === "density";

  const multiples = (low, high, step) => {
    const first = Math.ceil(low / step - 1e-6), last = Math.floor(high / step + 1e-6);
    if (last - first > 1000) return [];
    const digits = Math.min(15, Math.max(0, 2 - Math.floor(Math.log10(step))));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(digits)));
  };

  const linear = (low, high, most, leastStep) => {
    const power = Math.floor(Math.log10(high - low));
    const steps = set => [-2, -1, 0, 1].flatMap(more => set.map(value => scaled(value, power + more)))
      .filter(step => leastStep === 0 || (step >= leastStep && step % leastStep === 0)).sort((a, b) => a - b);
    const sets = [[1, 2, 5], [2.5], [1.5, 3, 4, 6, 8]];
    for (const set of sets) {
      const found = steps(set).map(step => multiples(low, high, step)).find(ticks => ticks.length >= least && ticks.length <= most);
      if (found) return found;
    }
    return steps(sets.flat()).map(step => multiples(low, high, step)).filter(ticks => ticks.length >= least)
      .sort((a, b) => a.length - b.length)[0] ?? multiples(low, high, leastStep || high - low);
  };

  const logarithmic = (low, high, most) => {
    const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
    for (const set of [[1, 2, 5], [1, 3], [1]]) {
      const ticks = Array.from({ length: last - first + 1 }, (_, i) => set.map(value => scaled(value, first + i))).flat()
        .filter(tick => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
      if (ticks.length >= least && ticks.length <= most) return ticks;
      if (set.length === 1 && ticks.length > most) {
        const every = Math.max(1, Math.min(Math.ceil(ticks.length / most), Math.floor((ticks.length - 1) / (least - 1))));
        return ticks.filter((_, i) => i % every === 0);
      }
    }
    return null;
  };

  // Three ticks or more between the ends, if possible at most as many as fit.
  const choose = (axis, low, high, most) => {
    if (isFraction(axis)) {
      if (low < 0 && high > 0 && -low < Math.max(0.05 * (high - low), 1e-8)) low = 0;
      if (high > 1 && low < 1) high = 1;
    }
    most = Math.max(most, least);
    return (axis.kind === "log" && low > 0 ? logarithmic(low, high, most) : null) ?? linear(low, high, most, axis.format === "count" ? 1 : 0);
  };

  const decimalsOf = value => {
    for (let places = 0; places < 8; places++) if (Math.abs(value - Number(value.toFixed(places))) < 1e-6 * Math.abs(value) + 1e-12) return places;
    return 8;
  };

  const labels = (axis, ticks) => {
    const scale = isFraction(axis) ? 100 : 1;
    const needed = ticks.map(tick => axis.format === "count" ? 0 : decimalsOf(tick * scale)), most = Math.max(0, ...needed);
    return ticks.map((tick, i) => {
      const value = tick * scale, places = axis.kind === "log" ? needed[i] : most, size = Math.abs(value);
      const text = axis.format === "number" && value !== 0 && (size < 1e-4 || size >= 1e6)
        ? value.toExponential(3).replace(/\.?0*e\+?/, "e")
        : value.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
      return text.replaceAll("-", "−") + (scale === 100 ? " %" : "");
    });
  };

  // The ends of an axis that shows all values.
  const extent = (axis, values) => {
    const isLog = axis.kind === "log";
    let low, high;
    if (axis.range) [low, high] = axis.range;
    else {
      const finite = values.filter(value => Number.isFinite(value) && (!isLog || value > 0));
      if (!finite.length) [low, high] = isLog ? [0.1, 1] : [0, 1];
      else {
        low = finite.reduce((a, b) => Math.min(a, b));
        high = finite.reduce((a, b) => Math.max(a, b));
        const margin = isLog ? Math.max(0.04 * Math.log(high / low), 0.02)
          : Math.max(0.04 * (high - low), 1e-9, 1e-3 * Math.max(Math.abs(low), Math.abs(high)));
        [low, high] = isLog ? [low * Math.exp(-margin), high * Math.exp(margin)] : [low - margin, high + margin];
      }
    }
    if (axis.format === "count" && !isLog && high - low < 2) high = low < 0 ? low + 3 : low + 2;
    return [low, high];
  };

  return { choose, labels, extent };
})();
