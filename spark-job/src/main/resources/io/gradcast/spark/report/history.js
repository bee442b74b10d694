(() => {
  const { runs, classes } = JSON.parse(document.getElementById("data").textContent);
  const DAY = 864e5;
  const LEFT = 58;
  const TOP = 42;
  const percent = (share) => share === null ? "unknown" : d3.format(".2f")(100 * share) + " %";
  const count = d3.format(",");

  // Runs of one date share its day.
  for (const sameDay of d3.group(runs, (run) => run.date).values()) {
    sameDay.forEach((run, i) => {
      run.width = .7 * DAY / sameDay.length;
      run.time = Date.parse(run.date) + (i + .5) * run.width - .35 * DAY;
    });
  }
  const end = runs.at(-1).time + DAY / 2;
  const days = (end - runs[0].time) / DAY;

  /** Days from left to right. */
  function times(right) {
    return d3.scaleUtc([runs[0].time - DAY / 2, end], [LEFT, right]);
  }

  /** Axes of days and of what a chart shows. */
  function timeAxes(frame, x, y, yName, yFormat) {
    const most = Math.max(2, Math.floor(frame.width / 80));
    const every = Math.ceil(x.ticks(most).length / most);
    axes(frame, x, y, {
      xName: runs[0].date === runs.at(-1).date ? runs[0].date : `${runs[0].date} to ${runs.at(-1).date}`,
      yName, yFormat, yTicks: 5, xTicks: days < most ? d3.utcDay : most,
      xFormat: (date, i) => i % every > 0 ? ""
        : d3.utcFormat(d3.utcMonth(date) < date ? "%-d %b" : days > 366 ? "%b %Y" : "%b")(date) });
  }

  /** What the nearest run has, where one points. */
  function readout({ svg, width, height }, x, text) {
    const rule = svg.append("line").attr("class", "rule").attr("y1", TOP).attr("y2", height - 46).attr("display", "none");
    const words = svg.append("text").attr("class", "readout halo").attr("x", width).attr("y", 12).attr("text-anchor", "end");
    svg.on("pointermove", (event) => {
      const near = d3.least(runs, (run) => Math.abs(x(run.time) - d3.pointer(event)[0]));
      rule.attr("display", null).attr("x1", x(near.time)).attr("x2", x(near.time));
      words.text(`${near.run}  ${text(near)}`);
    }).on("pointerleave", () => {
      rule.attr("display", "none");
      words.text("");
    });
  }

  /** Each run's value until the next run, that of the last to the end. */
  function held(known) {
    return known.length === 0 ? [] : [...known, { ...known.at(-1), time: end }];
  }

  /** The same from the start of the first run's day. */
  function filled(known) {
    return held(known.map((run, i) => i > 0 ? run : { ...run, time: run.time - DAY / 2 }));
  }

  /** Of what is shown, with some air around it; far worse models do not flatten all others. */
  function accuracyDomain() {
    const champions = runs.map((run) => run.champion).filter((v) => v !== null);
    const models = runs.map((run) => run.accuracy).filter((v) => v !== null);
    if (models.length === 0) {
      return [0, 100];
    }
    const [low, high] = [d3.quantile(models, .25), d3.quantile(models, .75)];
    const usual = models.filter((v) => v >= low - 1.5 * (high - low));
    const [least, most] = d3.extent([...champions, ...usual], (v) => 100 * v);
    const air = Math.max(.05, (most - least) / 10);
    return [Math.max(0, least - air), Math.min(100, most + air)];
  }

  const charts = {
    accuracy(element) {
      const frame = drawing(element, 360);
      const { svg, width, height } = frame;
      const right = width - 64;
      const foot = height - 46;
      const x = times(right);
      const y = d3.scaleLinear(accuracyDomain(), [foot, TOP]).nice(5).clamp(true);
      const numbers = y.tickFormat(5);
      timeAxes(frame, x, y, "accuracy", (v) => numbers(v) + " %");
      const below = (run) => 100 * run.accuracy < y.domain()[0];
      const at = (run) => `translate(${x(run.time)},${run.accuracy === null || below(run) ? foot - 7 : y(100 * run.accuracy)})`;
      const size = Math.max(1.8, Math.min(4.5, .9 * (right - LEFT) / days));
      const dense = size < 3;
      const marks = (chosen, style, symbol, scale) => svg.append("g").selectAll("path")
        .data(runs.filter(chosen)).join("path")
        .attr("class", style).attr("d", d3.symbol(symbol, scale * size * size)()).attr("transform", at);

      const line = held(runs.filter((run) => run.champion !== null));
      const steps = svg.append("path").attr("class", "series orange")
        .attr("d", d3.line((run) => x(run.time), (run) => y(100 * run.champion)).curve(d3.curveStepAfter)(line));
      const measured = (run) => run.accuracy !== null && !run.promoted;
      marks((run) => run.accuracy === null, "open missing", d3.symbolTimes, 3);
      marks((run) => measured(run) && !below(run), dense ? "blue faint" : "open blue", d3.symbolCircle, 2.6);
      marks((run) => measured(run) && below(run), "open blue", d3.symbolTriangle, 2.6)
        .attr("transform", (run) => `${at(run)} rotate(180)`);
      if (dense) {
        steps.raise();
      }
      marks((run) => run.promoted, "orange dot edged", d3.symbolDiamond2, dense ? 9 : 4.5);
      if (line.length > 0) {
        svg.append("text").attr("class", "name orange").attr("x", right + 8).attr("y", y(100 * line.at(-1).champion) + 4)
          .text(percent(line.at(-1).champion));
      }
      readout(frame, x, (run) => run.accuracy === null ? run.outcome
        : `${run.outcome}  ${percent(run.accuracy)}${run.champion === null ? "" : `  champion ${percent(run.champion)}`}`);
    },

    duration(element) {
      const frame = drawing(element, 240);
      const { svg, width, height } = frame;
      const most = d3.max(runs, (run) => run.seconds) || 1;
      const [unit, name] = most < 120 ? [1, "seconds"] : most < 7200 ? [60, "minutes"] : [3600, "hours"];
      const x = times(width - 8);
      const y = d3.scaleLinear([0, most / unit], [height - 46, TOP]).nice(5);
      timeAxes(frame, x, y, name, y.tickFormat(5));
      // Gaps of less than a pixel would flicker.
      const slot = (run) => x(run.width) - x(0);
      const thickness = (run) => slot(run) < 2 ? slot(run) / .7 + .8 : Math.min(28, slot(run));
      svg.append("g").selectAll("rect").data(runs.filter((run) => run.seconds !== null)).join("rect")
        .attr("class", (run) => run.accuracy === null ? "bar missing" : "bar blue")
        .attr("x", (run) => x(run.time) - thickness(run) / 2).attr("y", (run) => y(run.seconds / unit))
        .attr("width", thickness)
        .attr("height", (run) => y(0) - y(run.seconds / unit));
      readout(frame, x, (run) => run.seconds === null ? "unknown"
        : `${d3.format(".1f")(run.seconds / unit)} ${name}`);
    },

    samples(element) {
      const frame = drawing(element, 300);
      const { svg, width, height } = frame;
      const x = times(width - 8);
      const known = filled(runs.filter((run) => run.samples > 0));
      const y = d3.scaleLinear([0, d3.max(known, (run) => run.samples) || 1], [height - 46, TOP]).nice(5);
      timeAxes(frame, x, y, "samples", d3.format("~s"));
      const area = d3.area((run) => x(run.time), y(0), (run) => y(run.samples)).curve(d3.curveStepAfter);
      svg.append("path").attr("class", "area blue").attr("d", area(known));
      svg.append("path").attr("class", "series blue").attr("d", area.lineY1()(known));
      readout(frame, x, (run) => run.samples > 0 ? `${count(run.samples)} samples` : run.outcome);
    },

    /** A band a class, named at its end where it is wide enough. */
    balance(element) {
      const frame = drawing(element, 300);
      const { svg, width, height } = frame;
      const room = Math.min(width / 4, 14 + 7.2 * d3.max(classes, (name) => name.length));
      const right = width - room;
      const x = times(right);
      const y = d3.scaleLinear([0, 1], [height - 46, TOP]);
      timeAxes(frame, x, y, "share", d3.format(".0%"));
      const known = filled(runs.filter((run) => run.shares.length > 0));
      const bands = d3.stack().keys(d3.range(classes.length)).value((run, i) => run.shares[i])
        .order(d3.stackOrderReverse)(known);
      const area = d3.area((p) => x(p.data.time), (p) => y(p[0]), (p) => y(p[1])).curve(d3.curveStepAfter);
      svg.append("g").selectAll("path").data(bands).join("path")
        .attr("class", "band").attr("d", area)
        .attr("fill-opacity", (_, i) => i % 2 === 0 ? .75 : .45)
        .append("title").text((band) => classes[band.key]);
      svg.append("g").selectAll("text").data(bands.filter((band) => y(band.at(-1)[0]) - y(band.at(-1)[1]) > 12)).join("text")
        .attr("x", right + 8).attr("y", (band) => y((band.at(-1)[0] + band.at(-1)[1]) / 2) + 4)
        .text((band) => shortened(classes[band.key], room / 7.2 - 1));
      svg.append("text").attr("class", "readout").attr("x", width).attr("y", 12).attr("text-anchor", "end");
      svg.on("pointermove", (event) => {
        const [px, py] = d3.pointer(event);
        const run = d3.least(runs.filter((r) => r.shares.length > 0), (r) => Math.abs(x(r.time) - px));
        const band = bands.find((b) => b.some((p) => p.data.run === run.run && y(p[1]) <= py && py <= y(p[0])));
        svg.select(".readout").text(band ? `${run.run}  ${classes[band.key]} ${percent(run.shares[band.key])}` : "");
      }).on("pointerleave", () => svg.select(".readout").text(""));
    },
  };

  drawAll(charts);
})();
