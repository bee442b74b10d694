(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const percent = (digits) => (value) => d3.format(`.${digits}f`)(100 * value) + " %";
  const count = d3.format(",");

  /** Curves over the epochs, named at their ends, the best epoch marked, values where one points. */
  function curves(element, { series, format, yName }) {
    const frame = drawing(element, 320);
    const { svg, width, height } = frame;
    const longest = d3.max(series, (s) => s.name.length);
    const points = data.points;
    const x = d3.scaleLinear(d3.extent(points, (p) => p.epoch), [54, width - 14 - 7.2 * longest]);
    if (points.length === 1) {
      x.domain([points[0].epoch - 1, points[0].epoch + 1]);
    }
    const values = series.flatMap((s) => points.map((p) => p[s.key])).filter((v) => v !== null);
    const [least, most] = d3.extent(values);
    const logarithmic = least > 0 && most / least > 30;
    const y = logarithmic
      ? d3.scaleLog([least, most], [height - 46, 34]).nice()
      : d3.scaleLinear([0, most || 1], [height - 46, 34]).nice();
    axes(frame, x, y, {
      xName: "epoch", yName: logarithmic ? `${yName} (logarithmic)` : yName, xTicks: Math.min(10, points.length),
      yTicks: 5, xFormat: d3.format("~r"), yFormat: format });

    const ends = [];
    for (const s of series) {
      const known = points.filter((p) => p[s.key] !== null);
      const line = d3.line((p) => x(p.epoch), (p) => y(p[s.key]));
      svg.append("path").attr("class", `series ${s.style}`).attr("d", line(known));
      if (known.length > 0) {
        ends.push({ s, y: y(known.at(-1)[s.key]), x: x(known.at(-1).epoch) });
      }
    }
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => {
      end.y = i > 0 ? Math.max(end.y, ends[i - 1].y + 15) : end.y;
      svg.append("text").attr("class", `name ${end.s.style}`)
        .attr("x", end.x + 8).attr("y", end.y + 4).text(end.s.name);
    });

    const best = points[data.best];
    const marked = series.at(-1);
    if (best[marked.key] !== null) {
      svg.append("circle").attr("class", `best ${marked.style}`)
        .attr("cx", x(best.epoch)).attr("cy", y(best[marked.key])).attr("r", 5);
      const late = x(best.epoch) > width / 2;
      // Below a minimum there is nothing but, maybe, the axis.
      const low = y(best[marked.key]) + 26 > height - 46;
      svg.append("text").attr("class", "halo")
        .attr("x", x(best.epoch) + (late ? 5 : -5)).attr("y", y(best[marked.key]) + (low ? -16 : 22))
        .attr("text-anchor", late ? "end" : "start")
        .text(`best: epoch ${best.epoch}, ${format(best[marked.key])}`);
    }

    const rule = svg.append("line").attr("class", "rule").attr("y1", 34).attr("y2", height - 46).attr("display", "none");
    const readout = svg.append("text").attr("class", "readout halo").attr("x", width).attr("y", 14).attr("text-anchor", "end");
    svg.on("pointermove", (event) => {
      const near = d3.least(points, (p) => Math.abs(x(p.epoch) - d3.pointer(event)[0]));
      const shown = series.filter((s) => near[s.key] !== null).map((s) => `${s.name} ${format(near[s.key])}`);
      rule.attr("display", null).attr("x1", x(near.epoch)).attr("x2", x(near.epoch));
      readout.text([`epoch ${near.epoch}`, ...shown].join("  "));
    }).on("pointerleave", () => {
      rule.attr("display", "none");
      readout.text("");
    });
  }

  const charts = {
    loss: (element) => curves(element, {
      series: [
        { key: "train", name: "training", style: "blue train" },
        { key: "loss", name: data.watched, style: "orange" }],
      format: d3.format(".3~g"), yName: "loss" }),

    error: (element) => curves(element, {
      series: [
        { key: "trainError", name: "training", style: "blue train" },
        { key: "error", name: data.watched, style: "orange" },
      ],
      format: (value) => d3.format(".3~g")(100 * value) + " %", yName: "error" }),

    /** Two dots a class, a circle for recall and a diamond for precision. */
    classes(element) {
      const rows = data.classes;
      const frame = drawing(element, 70 + 26 * rows.length);
      const { svg, width, height } = frame;
      const left = Math.min(width / 3, 20 + 7 * d3.max(rows, (row) => row.name.length));
      const values = rows.flatMap((row) => [row.precision, row.recall]).filter((v) => v !== null);
      const x = d3.scaleLinear([d3.min(values) ?? 0, 1], [Math.max(left, 30), width - 20]).nice(5);
      const y = d3.scalePoint(rows.map((row, i) => i), [height - 46, 24]).padding(.5);
      y.domain(y.domain().reverse());
      axes(frame, x, y, { xName: "share", yName: "", xTicks: width < 400 ? 4 : 6, xFormat: percent(0) });
      svg.selectAll(".axis").filter((d, i) => i === 1).selectAll("text").text((i) => shortened(rows[i].name, left / 7 - 2));
      const row = svg.append("g").selectAll("g").data(rows).join("g")
        .attr("transform", (_, i) => `translate(0,${y(i)})`);
      row.append("title").text((r) => `${r.name}: precision ${share(r.precision)}, recall ${share(r.recall)}`);
      row.filter((r) => r.precision !== null && r.recall !== null).append("line").attr("class", "between")
        .attr("x1", (r) => x(r.precision)).attr("x2", (r) => x(r.recall));
      row.filter((r) => r.recall !== null).append("circle").attr("class", "blue")
        .attr("cx", (r) => x(r.recall)).attr("r", 5.5);
      row.filter((r) => r.precision !== null).append("path").attr("class", "orange dot")
        .attr("d", d3.symbol(d3.symbolDiamond, 90))
        .attr("transform", (r) => `translate(${x(r.precision)},0)`);
    },

    /** Accuracy by confidence, a dot a bin. */
    reliability(element) {
      const side = Math.min(element.clientWidth, 440);
      const frame = drawing(element, side);
      const { svg } = frame;
      const x = d3.scaleLinear([0, 1], [54, side - 24]);
      const y = d3.scaleLinear([0, 1], [side - 46, 34]);
      axes(frame, x, y, {
        xName: "confidence", yName: "accuracy", xTicks: 5, yTicks: 5, xFormat: percent(0), yFormat: percent(0) });
      svg.append("line").attr("class", "ideal")
        .attr("x1", x(0)).attr("y1", y(0)).attr("x2", x(1)).attr("y2", y(1));
      const radius = d3.scaleSqrt([0, d3.max(data.bins, (bin) => bin.samples)], [3, 13]);
      const bin = svg.append("g").selectAll("g").data(data.bins).join("g");
      bin.append("title").text((b) =>
        `${count(b.samples)} ${data.counted}, ${share(b.confidence)} sure, ${share(b.accuracy)} right`);
      bin.append("line").attr("class", "orange").attr("stroke-width", 2)
        .attr("x1", (b) => x(b.confidence)).attr("x2", (b) => x(b.confidence))
        .attr("y1", (b) => y(b.confidence)).attr("y2", (b) => y(b.accuracy));
      bin.append("circle").attr("class", "blue")
        .attr("cx", (b) => x(b.confidence)).attr("cy", (b) => y(b.accuracy)).attr("r", (b) => radius(b.samples));
    },

    /** A square a pair of label and prediction that occurred; every so many labels have their name. */
    confusion(element) {
      const { names, cells } = data;
      const side = Math.min(element.clientWidth, 720);
      const { svg } = drawing(element, side);
      const left = Math.min(side / 4, 16 + 7 * d3.max(names, (name) => name.length));
      const x = d3.scaleBand(d3.range(names.length), [left, side - 2]);
      const y = d3.scaleBand(d3.range(names.length), [26, 26 + side - 2 - left]);
      const named = d3.range(0, names.length, Math.ceil(names.length / 20));
      svg.attr("viewBox", [0, 0, side, y.range()[1] + 4]).attr("height", y.range()[1] + 4);
      svg.append("g").attr("class", "axis").attr("transform", `translate(${left},0)`)
        .call(d3.axisLeft(y).tickValues(named).tickSize(left - side + 2).tickPadding(8)
          .tickFormat((i) => shortened(names[i], left / 7 - 1)));
      svg.append("text").attr("x", side - 2).attr("y", 14).attr("text-anchor", "end").text("predicted, in the same order");
      svg.append("text").attr("x", 0).attr("y", 14).text("label");
      svg.append("g").selectAll("rect").data(cells).join("rect")
        .attr("class", (c) => `cell ${c[0] === c[1] ? "right" : "wrong"}`)
        .attr("x", (c) => x(c[1])).attr("y", (c) => y(c[0]))
        .attr("width", x.bandwidth()).attr("height", y.bandwidth())
        .attr("fill-opacity", (c) => .15 + .85 * Math.sqrt(c[3]))
        .append("title").text((c) => `${names[c[0]]} taken for ${names[c[1]]}: ${count(c[2])}`);
    },
  };

  function share(value) {
    return value === null ? "unknown" : percent(2)(value);
  }

  drawAll(charts);
})();
