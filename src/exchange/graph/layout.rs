//! Where the boxes of a graph stand: in columns from left to right, each box as near as possible to those it
//! is linked with, and a way for every arrow that leads past the boxes between.
//!
//! The steps are the usual ones of layered drawing (Sugiyama): turn around what closes a circle, give every
//! node the column of its longest path, let long links pass through place-holders, order and move each column
//! by the median of its neighbours. The crates that do this give no way for the long links.

/// Width of every box.
pub(super) const BOX_WIDTH: f64 = 176.0;
/// Between two columns; an arrow's words have to fit in.
pub(super) const COLUMN_GAP: f64 = 104.0;
/// Between two boxes of a column; the badge of the upper one reaches into it.
const ROW_GAP: f64 = 26.0;
/// Height that is kept free for an arrow on its way past a column.
const PASSAGE: f64 = 6.0;
/// Sweeps over all columns; the picture no longer changes much after these.
const SWEEPS: usize = 12;
/// With more place-holders than this, long links go straight: the picture is a thicket anyway.
const PASSAGES_MAX: usize = 5_000;

/// A place in the picture.
pub(super) type Point = (f64, f64);

/// A finished drawing plan, its upper left corner at (0, 0).
pub(super) struct Layout {
    /// Upper left corner of each box.
    pub boxes: Vec<Point>,
    /// For each link the points where it leaves and enters a column; curves between the columns, straight
    /// lines inside them. Empty for a link from a box to itself.
    pub routes: Vec<Vec<Point>>,
    /// Size of the whole.
    pub size: Point,
}

/// A box, or a place where a long link passes a column.
struct Item {
    column: usize,
    height: f64,
    middle: f64,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// Places boxes of the given heights so that the links between them lead to the right where they can.
pub(super) fn arrange(heights: &[f64], links: &[(usize, usize)]) -> Layout {
    let rank = ranks(heights.len(), links);
    let forward: Vec<(usize, usize)> =
        links.iter().map(|&(from, to)| if rank[from] <= rank[to] { (from, to) } else { (to, from) }).collect();
    let mut items = boxes_in_columns(heights, &rank, &forward);
    let chains = with_passages(&mut items, &forward);
    let mut columns = vec![Vec::new(); items.iter().map(|item| item.column + 1).max().unwrap_or(0)];
    for (at, item) in items.iter().enumerate() {
        columns[item.column].push(at);
    }
    settle(&mut items, &mut columns);
    let boxes: Vec<Point> = items.iter().take(heights.len()).map(|item| (left_of(item.column), item.middle - item.height / 2.0)).collect();
    let mut routes = routes(&items, &chains);
    for (route, (turned, straight)) in routes.iter_mut().zip(forward.iter().zip(links)) {
        if turned != straight {
            route.reverse();
        }
    }
    let width = left_of(columns.len().saturating_sub(1)) + BOX_WIDTH;
    let height = items.iter().map(|item| item.middle + item.height / 2.0).fold(0.0, f64::max);
    Layout { boxes, routes, size: (width, height) }
}

/// An order of the nodes in which as few links as possible lead back: always the next one that nothing open
/// leads to, and in a circle the one that stands first in the graph (the nearest to the claim).
fn ranks(count: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let mut waiting = vec![0_usize; count];
    let mut targets = vec![Vec::new(); count];
    for &(from, to) in links.iter().filter(|(from, to)| from != to) {
        waiting[to] += 1;
        targets[from].push(to);
    }
    let mut rank = vec![usize::MAX; count];
    for turn in 0..count {
        let open = (0..count).filter(|at| rank[*at] == usize::MAX);
        if let Some(next) = open.min_by_key(|at| (waiting[*at] != 0, *at)) {
            rank[next] = turn;
            for to in &targets[next] {
                waiting[*to] -= 1;
            }
        }
    }
    rank
}

/// One item for each box, in the column of its longest path.
fn boxes_in_columns(heights: &[f64], rank: &[usize], forward: &[(usize, usize)]) -> Vec<Item> {
    let item = |height: &f64| Item { column: 0, height: *height, middle: 0.0, before: Vec::new(), after: Vec::new() };
    let mut items: Vec<Item> = heights.iter().map(item).collect();
    let mut in_order: Vec<&(usize, usize)> = forward.iter().filter(|(from, to)| from != to).collect();
    in_order.sort_by_key(|(from, _)| rank[*from]);
    for (from, to) in in_order {
        items[*to].column = items[*to].column.max(items[*from].column + 1);
    }
    items
}

/// Links every item with its neighbours, over place-holders where columns lie between; gives for each link
/// the items it leads over.
fn with_passages(items: &mut Vec<Item>, forward: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let span = |(from, to): &(usize, usize)| items[*to].column.saturating_sub(items[*from].column + 1);
    let goes_straight = forward.iter().map(span).sum::<usize>() > PASSAGES_MAX;
    let mut chains = Vec::new();
    for &(from, to) in forward {
        let mut chain = vec![from];
        let between = if goes_straight { 0..0 } else { items[from].column + 1..items[to].column };
        for column in between {
            chain.push(items.len());
            items.push(Item { column, height: PASSAGE, middle: 0.0, before: Vec::new(), after: Vec::new() });
        }
        chain.push(to);
        for pair in chain.windows(2).filter(|pair| pair[0] != pair[1]) {
            items[pair[0]].after.push(pair[1]);
            items[pair[1]].before.push(pair[0]);
        }
        chains.push(chain);
    }
    chains
}

/// Orders each column by where its neighbours stand, and moves its items there.
fn settle(items: &mut [Item], columns: &mut [Vec<usize>]) {
    for column in columns.iter() {
        stack(items, column);
    }
    for sweep in 0..SWEEPS {
        let to_the_right = sweep % 2 == 0;
        // At last both sides count, and the order stays: links become straight.
        let is_last = sweep + 3 > SWEEPS;
        for step in 0..columns.len() {
            let column = &mut columns[if to_the_right { step } else { columns.len() - 1 - step }];
            for at in column.iter() {
                let item = &items[*at];
                let neighbours: Vec<f64> = match (is_last, to_the_right) {
                    (true, _) => item.before.iter().chain(&item.after).map(|other| items[*other].middle).collect(),
                    (false, true) => item.before.iter().map(|other| items[*other].middle).collect(),
                    (false, false) => item.after.iter().map(|other| items[*other].middle).collect(),
                };
                if let Some(median) = median(neighbours) {
                    items[*at].middle = median;
                }
            }
            if !is_last {
                column.sort_by(|a, b| items[*a].middle.total_cmp(&items[*b].middle));
            }
            stack(items, column);
        }
    }
    let top = items.iter().map(|item| item.middle - item.height / 2.0).fold(f64::INFINITY, f64::min);
    for item in items {
        item.middle -= top;
    }
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let (low, high) = (numbers.get(numbers.len().checked_sub(1)? / 2)?, numbers.get(numbers.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

/// Items of a column that push each other.
struct Group {
    /// Sum of where its members want the column's first item to begin.
    wishes: f64,
    count: f64,
    /// Each with the distance of its middle from where the column's first item begins.
    members: Vec<(usize, f64)>,
}

/// Moves the items of a column apart, each as little as possible from where it wants to be (pool adjacent
/// violators: a group stands around the mean of its wishes).
fn stack(items: &mut [Item], column: &[usize]) {
    let mut offset = 0.0;
    let mut groups: Vec<Group> = Vec::new();
    for at in column {
        let middle = offset + items[*at].height / 2.0;
        let mut group = Group { wishes: items[*at].middle - middle, count: 1.0, members: vec![(*at, middle)] };
        while let Some(mut above) = groups.pop_if(|above| above.wishes / above.count > group.wishes / group.count) {
            above.members.append(&mut group.members);
            group = Group { wishes: above.wishes + group.wishes, count: above.count + group.count, members: above.members };
        }
        groups.push(group);
        offset += items[*at].height + ROW_GAP;
    }
    for group in groups {
        for (at, offset) in group.members {
            items[at].middle = group.wishes / group.count + offset;
        }
    }
}

/// The points of each link. On a box, links share the side evenly, in the order of their other ends.
fn routes(items: &[Item], chains: &[Vec<usize>]) -> Vec<Vec<Point>> {
    let mut leaving: Vec<Vec<(f64, usize)>> = vec![Vec::new(); items.len()];
    let mut arriving = leaving.clone();
    for (link, chain) in chains.iter().enumerate() {
        if let ([from, next, ..], [.., previous, to]) = (chain.as_slice(), chain.as_slice())
            && from != to
        {
            leaving[*from].push((items[*next].middle, link));
            arriving[*to].push((items[*previous].middle, link));
        }
    }
    let height_at = |ports: &mut Vec<(f64, usize)>, item: &Item, link: usize| {
        ports.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let step = item.height / ports.iter().fold(1.0, |count, _| count + 1.0);
        let before = ports.iter().take_while(|port| port.1 != link).fold(1.0, |count, _| count + 1.0);
        item.middle - item.height / 2.0 + step * before
    };
    let mut routes = Vec::new();
    for (link, chain) in chains.iter().enumerate() {
        let mut route = Vec::new();
        for (step, at) in chain.iter().enumerate().filter(|_| chain.first() != chain.last()) {
            let (item, left) = (&items[*at], left_of(items[*at].column));
            match step {
                0 => route.push((left + BOX_WIDTH, height_at(&mut leaving[*at], item, link))),
                step if step + 1 == chain.len() => route.push((left, height_at(&mut arriving[*at], item, link))),
                _ => route.extend([(left, item.middle), (left + BOX_WIDTH, item.middle)]),
            }
        }
        routes.push(route);
    }
    routes
}

fn left_of(column: usize) -> f64 {
    (0..column).fold(0.0, |left, _| left + BOX_WIDTH + COLUMN_GAP)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column_of(layout: &Layout, at: usize) -> usize {
        (0..99).find(|column| left_of(*column) >= layout.boxes[at].0).unwrap()
    }

    #[test]
    fn every_link_of_a_diamond_leads_to_the_right_and_a_long_one_passes_the_boxes_between() {
        let layout = arrange(&[50.0; 5], &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (0, 4)]);
        assert_eq!([0, 1, 2, 3, 4].map(|at| column_of(&layout, at)), [0, 1, 1, 2, 3]);
        assert_eq!(layout.routes[5].len(), 6);
    }

    #[test]
    fn the_link_that_closes_a_circle_leads_back() {
        let layout = arrange(&[50.0; 3], &[(0, 1), (1, 2), (2, 1)]);
        assert_eq!(layout.routes[2].first().map(|point| point.0), Some(layout.boxes[2].0));
        assert_eq!(layout.routes[2].last().map(|point| point.0), Some(layout.boxes[1].0 + BOX_WIDTH));
    }

    proptest! {
        #[test]
        fn boxes_never_overlap_and_every_link_joins_its_two_boxes(
            heights in proptest::collection::vec(30.0..120.0_f64, 1..25),
            ends in proptest::collection::vec((0..25_usize, 0..25_usize), 0..60),
        ) {
            let links: Vec<(usize, usize)> = ends.iter().map(|(from, to)| (from % heights.len(), to % heights.len())).collect();
            let layout = arrange(&heights, &links);
            for (at, (x, y)) in layout.boxes.iter().enumerate() {
                prop_assert!(*y >= -0.01 && y + heights[at] <= layout.size.1 + 0.01 && x + BOX_WIDTH <= layout.size.0 + 0.01);
                for (other, place) in layout.boxes.iter().enumerate().skip(at + 1) {
                    let apart = y + heights[at] <= place.1 + 0.01 || place.1 + heights[other] <= y + 0.01;
                    prop_assert!(apart || (x - place.0).abs() > BOX_WIDTH);
                }
            }
            let touches = |point: &Point, at: usize| {
                let (x, y) = layout.boxes[at];
                let at_a_side = (point.0 - x).abs() < 0.01 || (point.0 - x - BOX_WIDTH).abs() < 0.01;
                at_a_side && point.1 > y && point.1 < y + heights[at]
            };
            for ((from, to), route) in links.iter().zip(&layout.routes) {
                prop_assert_eq!(route.is_empty(), from == to);
                prop_assert!(route.first().is_none_or(|point| touches(point, *from)));
                prop_assert!(route.last().is_none_or(|point| touches(point, *to)));
            }
        }
    }
}
