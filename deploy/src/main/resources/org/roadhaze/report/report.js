"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const charts = [];
  const shapes = ["circle", "rect", "triangle", "rectRot", "cross", "star"];
  const dashes = [[], [6, 3], [2, 2], [9, 3, 2, 3]];

  function colour(name) {
    return getComputedStyle(root).getPropertyValue("--" + name).trim();
  }

  function percent(share) {
    const value = 100 * share;
    return (value === 0 || value >= 10 ? value.toFixed(0) : value < 0.1 ? value.toFixed(2) : value.toFixed(1)) + " %";
  }

  /* What a figure is called, and how it is written, stands in its row of the tables. */
  function row(name) {
    return document.querySelector('[data-figure="' + name + '"]');
  }

  function titleOf(name) {
    return row(name).querySelector("strong").textContent;
  }

  function formatOf(name) {
    const units = { METRES: " m", SECONDS: " s", NUMBER: "" };
    const unit = row(name).dataset.unit;
    return unit === "SHARE" ? percent : function (value) { return Number(value.toPrecision(4)) + units[unit]; };
  }

  function axis(text, format, beginAtZero) {
    const made = {
      title: { display: true, text: text, color: colour("ink") },
      ticks: { color: colour("soft"), maxRotation: 0 },
      grid: { color: colour("rule") },
      beginAtZero: beginAtZero
    };
    if (format) {
      made.ticks.callback = format;
    }
    return made;
  }

  function options(x, y) {
    return {
      animation: false,
      maintainAspectRatio: false,
      scales: { x: x, y: y },
      plugins: { legend: { display: false }, tooltip: { displayColors: false } }
    };
  }

  function draw(id, make) {
    const canvas = document.getElementById(id);
    if (canvas) {
      charts.push({ canvas: canvas, make: make, chart: null });
    }
  }

  function drawAll() {
    charts.forEach(function (each) {
      if (each.chart) {
        each.chart.destroy();
      }
      each.chart = new Chart(each.canvas, each.make());
    });
  }

  function fill(select, names, chosen) {
    names.forEach(function (name) {
      const option = document.createElement("option");
      option.value = name;
      option.textContent = titleOf(name);
      option.selected = name === chosen;
      select.append(option);
    });
    select.addEventListener("change", drawAll);
  }

  function curve(xName, yName) {
    const byParameter = new Map();
    let own = null;
    data.sweep.forEach(function (point) {
      const figures = Object.assign({}, point.privacy, point.utility);
      if (typeof figures[xName] === "number" && typeof figures[yName] === "number") {
        const drawn = { x: figures[xName], y: figures[yName], value: point.value };
        own = point.own ? drawn : own;
        byParameter.set(point.parameter, (byParameter.get(point.parameter) || []).concat(drawn));
      }
    });
    const datasets = [];
    byParameter.forEach(function (points, parameter) {
      const number = datasets.length;
      datasets.push({
        label: parameter, data: points, showLine: true, borderColor: colour("c" + number % 6),
        backgroundColor: colour("c" + number % 6), borderWidth: 2, borderDash: dashes[Math.floor(number / 6) % 4],
        pointStyle: shapes[(number + Math.floor(number / 6)) % shapes.length], pointRadius: 5, pointHoverRadius: 7
      });
    });
    if (own) {
      datasets.push({
        label: "the policy as it is", data: [{ x: own.x, y: own.y, value: "" }], pointStyle: "circle", pointRadius: 11,
        pointHoverRadius: 11, borderWidth: 3, borderColor: colour("ink"), backgroundColor: "transparent"
      });
    }
    const made = options(
      axis(titleOf(xName), formatOf(xName), false), axis(titleOf(yName), formatOf(yName), true));
    made.plugins.legend = {
      display: true, position: "bottom", labels: { color: colour("ink"), usePointStyle: true, boxHeight: 6 }
    };
    made.plugins.tooltip.callbacks = {
      label: function (item) {
        return [item.dataset.label + " " + item.raw.value,
          titleOf(xName) + ": " + formatOf(xName)(item.raw.x),
          titleOf(yName) + ": " + formatOf(yName)(item.raw.y)];
      }
    };
    return { type: "scatter", data: { datasets: datasets }, options: made };
  }

  /* The attack that moves most while the parameters do is the one to look at first. */
  function liveliest(names) {
    let best = names[0];
    let widest = -1;
    names.forEach(function (name) {
      const values = data.sweep.map(function (point) { return point.privacy[name]; })
        .filter(function (value) { return typeof value === "number"; });
      const width = values.length === 0 ? -1 : Math.max.apply(null, values) - Math.min.apply(null, values);
      if (width > widest) {
        widest = width;
        best = name;
      }
    });
    return best;
  }

  if (data.sweep && data.sweep.length > 0) {
    const x = document.getElementById("curve-x");
    const y = document.getElementById("curve-y");
    const privacy = Object.keys(data.privacy);
    const utility = Object.keys(data.utility);
    const measured = utility.filter(function (name) { return typeof data.utility[name].value === "number"; });
    fill(x, utility.concat(privacy), measured.includes("published") ? "published" : measured[0]);
    fill(y, privacy.concat(utility), liveliest(privacy));
    draw("curve", function () { return curve(x.value, y.value); });
  }

  draw("density", function () {
    return {
      type: "bar",
      data: {
        labels: data.shares.publishedByDensity.map(function (share, index) { return String(index + 1); }),
        datasets: [{
          data: data.shares.publishedByDensity, backgroundColor: colour("c0")
        }]
      },
      options: options(
        axis("tenths of the fixes, the sparsest first", null, false),
        Object.assign(axis("share of fixes published", percent, true), { suggestedMax: 1 }))
    };
  });

  draw("devices", function () {
    const shares = data.shares.publishedByDevice;
    const x = Object.assign(axis("vehicles, the fewest first", null, false), {
      type: "linear", min: 1, max: Math.max(2, shares.length)
    });
    return {
      type: "line",
      data: {
        datasets: [{
          data: shares.map(function (share, index) { return { x: index + 1, y: share }; }), borderColor: colour("c0"),
          backgroundColor: colour("c0"), borderWidth: 2, pointRadius: shares.length > 40 ? 0 : 3
        }]
      },
      options: options(x, Object.assign(axis("share of fixes published", percent, true), { suggestedMax: 1 }))
    };
  });

  let folded = [];
  window.addEventListener("beforeprint", function () {
    root.classList.add("printing");
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach(function (each) { each.open = true; });
    drawAll();
  });
  window.addEventListener("afterprint", function () {
    root.classList.remove("printing");
    folded.forEach(function (each) { each.open = false; });
    drawAll();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
}());
