( function ( blocks, element, words ) {
	blocks.registerBlockType( 'backhaul/returns', {
		apiVersion: 2,
		title: words.title,
		icon: 'undo',
		category: 'widgets',
		edit: function () {
			return element.createElement( 'p', null, words.title );
		},
		save: function () {
			return null;
		},
	} );
} )( window.wp.blocks, window.wp.element, window.backhaulReturnsBlock );
