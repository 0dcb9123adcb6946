//! The servers and databases that the contenders need, started once and kept until the end.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::contender::Contender;
use crate::baseline::postgres::cluster::Cluster;
use crate::baseline::postgres::hand::Hand;
use crate::load::outcome::Outcome;
use crate::load::{Load, closed};
use crate::product::{Product, Running};
use crate::workload::catalogue::Catalogue;
use crate::workload::order::{Demand, Order, orders};
use crate::workload::request::Template;
use crate::workload::stream::OrderStream;

/// How many different orders are rendered; they return with other references and keys.
const ORDERS: usize = 16_384;
/// How many customers order.
const CUSTOMERS: u32 = 50_000;

/// The orders of one demand.
pub(crate) struct Demanded {
    /// As values.
    pub(crate) orders: Arc<Vec<Order>>,
    templates: Vec<(String, Arc<Vec<Template>>)>,
}

/// Everything that runs.
pub(crate) struct Stage {
    /// What is sold.
    pub(crate) catalogue: Catalogue,
    mix: Demanded,
    hot: Demanded,
    /// What is refused as soon as it is parsed.
    refused: Option<Arc<Vec<Template>>>,
    hand: Option<Hand>,
    embedded: Option<Running>,
    nodes: Option<(Running, Running)>,
    // Behind its users, because fields are dropped in order.
    cluster: Option<Rc<Cluster>>,
}

impl Stage {
    /// An empty stage with orders to place.
    pub(crate) fn new() -> Self {
        let catalogue = Catalogue::new();
        let demanded = |demand| Demanded {
            orders: Arc::new(orders(&catalogue, demand, ORDERS, CUSTOMERS)),
            templates: Vec::new(),
        };
        Self {
            mix: demanded(Demand::Mix),
            hot: demanded(Demand::Hot),
            catalogue,
            refused: None,
            hand: None,
            embedded: None,
            nodes: None,
            cluster: None,
        }
    }

    /// Starts what these contenders need.
    pub(crate) fn prepare(
        &mut self,
        contenders: &[Contender],
        product: Option<&Product>,
        folder: &Path,
    ) -> Result<()> {
        for contender in contenders {
            match contender {
                Contender::Hand(..) => self.start_hand(folder)?,
                Contender::ParseOnly | Contender::Embedded(_) => {
                    self.start_embedded(product.context("no product")?, folder)?;
                }
                Contender::TwoNodes(_) => {
                    self.start_nodes(product.context("no product")?, folder)?;
                }
            }
        }
        self.render();
        Ok(())
    }

    /// Lets a contender place orders with some number of clients.
    pub(crate) fn run(
        &self,
        contender: Contender,
        clients: usize,
        times: (Duration, Duration),
    ) -> Result<Outcome> {
        let (orders, wanted, targets) = match contender {
            Contender::Hand(shape, demand) => {
                let hand = self.hand.as_ref().context("not prepared")?;
                let orders = &self.demanded(demand).orders;
                return hand.run(shape, clients, orders, times);
            }
            Contender::ParseOnly => {
                let refused = self.refused.as_ref().context("not rendered")?;
                (refused, 422, vec![self.embedded()?.server.address])
            }
            Contender::Embedded(demand) => {
                let running = self.embedded()?;
                let orders = self.templates(demand, &running.access.key)?;
                (orders, 201, vec![running.server.address])
            }
            Contender::TwoNodes(demand) => {
                let (one, two) = self.nodes.as_ref().context("not prepared")?;
                let targets = vec![one.server.address, two.server.address];
                (self.templates(demand, &one.access.key)?, 201, targets)
            }
        };
        let load = Load {
            targets,
            wanted,
            connections: clients,
            warm_up: times.0,
            lasting: times.1,
        };
        closed::run(&load, OrderStream::new(orders))
    }

    /// The processor time that all servers of a contender have used so far.
    pub(crate) fn cpu(&self, contender: Contender) -> Result<Duration> {
        let cluster = || self.cluster.as_ref().context("not prepared")?.cpu();
        match contender {
            Contender::Hand(..) => cluster(),
            Contender::ParseOnly | Contender::Embedded(_) => self.embedded()?.server.cpu(),
            Contender::TwoNodes(_) => {
                let (one, two) = self.nodes.as_ref().context("not prepared")?;
                Ok(cluster()? + one.server.cpu()? + two.server.cpu()?)
            }
        }
    }

    /// Fails if a hand-written baseline lost or doubled anything.
    pub(crate) fn check(&self) -> Result<()> {
        self.hand.as_ref().map_or(Ok(()), Hand::check)
    }

    /// The product on SQLite.
    pub(crate) fn embedded(&self) -> Result<&Running> {
        self.embedded.as_ref().context("not prepared")
    }

    /// The orders that customers want.
    pub(crate) fn demanded(&self, demand: Demand) -> &Demanded {
        match demand {
            Demand::Mix => &self.mix,
            Demand::Hot => &self.hot,
        }
    }

    /// The requests that carry this key.
    pub(crate) fn templates(&self, demand: Demand, key: &str) -> Result<&Arc<Vec<Template>>> {
        let rendered = &self.demanded(demand).templates;
        let found = rendered.iter().find(|(of, _)| of == key);
        Ok(&found.context("requests that were not rendered")?.1)
    }

    fn render(&mut self) {
        let mut keys: Vec<String> = Vec::new();
        keys.extend(self.embedded.iter().map(|node| node.access.key.clone()));
        keys.extend(self.nodes.iter().map(|nodes| nodes.0.access.key.clone()));
        self.refused = self.embedded.as_ref().map(|node| {
            let refuse = |order| Template::refused(order, &node.access.key);
            Arc::new(self.mix.orders.iter().map(refuse).collect())
        });
        for demanded in [&mut self.mix, &mut self.hot] {
            demanded.templates = keys
                .iter()
                .map(|key| {
                    let render = |order| Template::request(order, key);
                    let requests = demanded.orders.iter().map(render).collect();
                    (key.clone(), Arc::new(requests))
                })
                .collect();
        }
    }

    fn start_hand(&mut self, folder: &Path) -> Result<()> {
        if self.hand.is_none() {
            let cluster = self.cluster(folder)?;
            self.hand = Some(Hand::set_up(&cluster, &self.catalogue)?);
        }
        Ok(())
    }

    fn start_embedded(&mut self, product: &Product, folder: &Path) -> Result<()> {
        if self.embedded.is_none() {
            self.embedded = Some(product.filled(folder, &self.catalogue, "placement")?);
        }
        Ok(())
    }

    fn start_nodes(&mut self, product: &Product, folder: &Path) -> Result<()> {
        if self.nodes.is_none() {
            let cluster = self.cluster(folder)?;
            self.nodes = Some(product.two_nodes(folder, &self.catalogue, &cluster)?);
        }
        Ok(())
    }

    fn cluster(&mut self, folder: &Path) -> Result<Rc<Cluster>> {
        if let Some(cluster) = &self.cluster {
            return Ok(Rc::clone(cluster));
        }
        let cluster = Rc::new(Cluster::start(folder)?);
        self.cluster = Some(Rc::clone(&cluster));
        Ok(cluster)
    }
}
