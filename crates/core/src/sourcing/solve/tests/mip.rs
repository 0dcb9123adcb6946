//! The same problem as a mixed-integer program, for cases that are too large for brute force: another formulation,
//! solved by another solver.

use microlp::{ComparisonOp, OptimizationDirection, SolutionStatus, Variable};

use super::super::problem::{Problem, Source};

/// Weights in tests are multiples of this many grams.
const GRAIN_G: i64 = 50;

/// A program that is being written down.
struct Program<'p> {
    problem: &'p Problem,
    program: microlp::Problem,
    /// By demand, units by source.
    units: Vec<Vec<Variable>>,
    /// Whether a source is used.
    used: Vec<Variable>,
}

/// The least cost of all assignments, as the solver finds it.
pub(super) fn least_cost(problem: &Problem) -> i64 {
    let mut program = Program {
        problem,
        program: microlp::Problem::new(OptimizationDirection::Minimize),
        units: vec![Vec::new(); problem.demands.len()],
        used: Vec::new(),
    };
    for source in &problem.sources {
        program.source(source);
    }
    program.demands();
    if let Some(most) = problem.max_sources {
        let used: Vec<_> = program.used.iter().map(|used| (*used, 1.0)).collect();
        program.at_most(&used, f64::from(most));
    }
    let outcome = program.program.solve().unwrap();
    let solution = outcome.solution().unwrap();
    assert_eq!(solution.status(), SolutionStatus::Optimal);
    rounded(solution.objective())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "costs of tests are small whole numbers"
)]
fn rounded(value: f64) -> i64 {
    value.round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "numbers of tests are small")]
fn real(value: i64) -> f64 {
    value as f64
}

impl Program<'_> {
    fn at_most(&mut self, terms: &[(Variable, f64)], bound: f64) {
        self.program.add_constraint(terms, ComparisonOp::Le, bound);
    }

    /// Units, lines and shipment of a source.
    fn source(&mut self, source: &Source) {
        let used = self.program.add_binary_var(real(source.fixed_minor));
        let (mut own, mut lines) = (Vec::new(), Vec::new());
        for (nth, demand) in self.problem.demands.iter().enumerate() {
            let most = demand.quantity.min(source.has[demand.pool]);
            let cost = real(source.unit_minor[demand.pool]);
            let most_units = i32::try_from(most).unwrap();
            let units = self.program.add_integer_var(cost, (0, most_units));
            let line = self.program.add_binary_var(real(source.line_minor));
            self.at_most(&[(units, 1.0), (line, -real(most))], 0.0);
            self.at_most(&[(line, 1.0), (used, -1.0)], 0.0);
            self.units[nth].push(units);
            own.push(units);
            lines.push(line);
        }
        self.stock(source, &own);
        self.limits(source, &own, &lines);
        self.shipment(source, &own, used);
        self.bundles(&own, &lines);
        self.used.push(used);
    }

    /// Demands on one pool share its units, and its last ones cost more.
    fn stock(&mut self, source: &Source, own: &[Variable]) {
        for (pool, has) in source.has.iter().enumerate() {
            let demands = self.problem.demands.iter().zip(own);
            let drawn = demands.filter(|(demand, _)| demand.pool == pool);
            let mut drawn: Vec<_> = drawn.map(|(_, units)| (*units, 1.0)).collect();
            self.at_most(&drawn, real(*has));
            if let Some(scarce) = source.scarce.get(pool) {
                let last = self
                    .program
                    .add_var(real(scarce.extra_minor), (0.0, f64::INFINITY));
                drawn.push((last, -1.0));
                self.at_most(&drawn, real(scarce.free_units));
            }
        }
    }

    fn limits(&mut self, source: &Source, own: &[Variable], lines: &[Variable]) {
        for (list, most) in [(own, source.units_max), (lines, source.lines_max)] {
            if let Some(most) = most {
                let all: Vec<_> = list.iter().map(|one| (*one, 1.0)).collect();
                self.at_most(&all, real(most));
            }
        }
    }

    /// One of the steps of one of the ways is paid, whose weight is not exceeded.
    fn shipment(&mut self, source: &Source, own: &[Variable], used: Variable) {
        if source.shipping.is_empty() {
            return;
        }
        let mut chosen = vec![(used, -1.0)];
        let mut by_class = [Vec::new(), Vec::new()];
        for way in &source.shipping {
            for (end_g, price_minor) in self.steps(source, way) {
                let step = self.program.add_binary_var(real(price_minor));
                chosen.push((step, 1.0));
                for (class, steps) in by_class.iter_mut().enumerate() {
                    // By the other weight nothing is limited.
                    let most = if class == way.weight_class {
                        end_g
                    } else {
                        self.weight_g(source, class)
                    };
                    steps.push((step, -real(most)));
                }
            }
        }
        self.program.add_constraint(&chosen, ComparisonOp::Eq, 0.0);
        for (class, mut terms) in by_class.into_iter().enumerate() {
            let demands = self.problem.demands.iter().zip(own);
            terms.extend(demands.map(|(demand, units)| (*units, real(demand.weights_g[class]))));
            self.at_most(&terms, 0.0);
        }
    }

    /// What everything weighs that a source may serve.
    fn weight_g(&self, source: &Source, class: usize) -> i64 {
        let demands = self.problem.demands.iter();
        let weights = demands
            .map(|demand| demand.quantity.min(source.has[demand.pool]) * demand.weights_g[class]);
        weights.sum()
    }

    /// The heaviest weight of each price, and the price.
    fn steps(&self, source: &Source, way: &super::super::Shipping) -> Vec<(i64, i64)> {
        let mut steps: Vec<(i64, i64)> = Vec::new();
        let mut weight_g = 0;
        while weight_g <= self.weight_g(source, way.weight_class) {
            let Some(quote) = way.tariff.shipment(weight_g) else {
                break;
            };
            let price_minor = quote.price_minor + way.fixed_minor;
            match steps.last_mut() {
                Some(last) if last.1 == price_minor => last.0 = weight_g,
                _ => steps.push((weight_g, price_minor)),
            }
            weight_g += GRAIN_G;
        }
        steps
    }

    /// All of a bundle, or nothing.
    fn bundles(&mut self, own: &[Variable], lines: &[Variable]) {
        for bundle in &self.problem.bundles {
            let demands = &self.problem.demands;
            let wanted = |nth: &&usize| demands[**nth].quantity > 0;
            let Some(first) = bundle.demands.iter().find(wanted) else {
                continue;
            };
            let first = lines[*first];
            for nth in &bundle.demands {
                let quantity = real(self.problem.demands[*nth].quantity);
                let all = [(own[*nth], 1.0), (first, -quantity)];
                self.program.add_constraint(all, ComparisonOp::Eq, 0.0);
            }
        }
    }

    /// Units are served or left.
    fn demands(&mut self) {
        for (demand, units) in self.problem.demands.iter().zip(&self.units) {
            let cost = real(demand.unserved_minor);
            let left = self.program.add_var(cost, (0.0, real(demand.quantity)));
            let mut all: Vec<_> = units.iter().map(|units| (*units, 1.0)).collect();
            all.push((left, 1.0));
            self.program
                .add_constraint(&all, ComparisonOp::Eq, real(demand.quantity));
        }
    }
}
