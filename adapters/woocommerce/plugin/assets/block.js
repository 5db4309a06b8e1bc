( function ( blocks, element, i18n ) {
	var title = i18n.__( 'Returns assistant', 'backhaul-returns' );

	blocks.registerBlockType( 'backhaul/returns', {
		apiVersion: 2,
		title: title,
		icon: 'undo',
		category: 'widgets',
		edit: function () {
			return element.createElement( 'p', null, title );
		},
		save: function () {
			return null;
		},
	} );
} )( window.wp.blocks, window.wp.element, window.wp.i18n );
